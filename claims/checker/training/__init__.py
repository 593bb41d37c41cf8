"""How the learned part is made: training text, fitting, trying out. Not imported at run time.

python -m claims.checker.training          write learned/weights.tsv anew
python -m claims.checker.training --try    print figures on text held out, write nothing
python -m claims.checker.training.network  let the network learn (PyTorch)
python -m claims.checker.training.blend    the mean of two networks
"""
