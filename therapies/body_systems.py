"""The parts of the body that conditions are listed under, in readers' words, and their pictures."""

# What an editor types as body system, and the file in templates/therapies/body that shows it. A
# part that is not named here has no picture, and its conditions are listed all the same.
PICTURES = {
    "blood": "blood",
    "blood vessels": "vessels",
    "brain and nerves": "brain",
    "gut": "gut",
    "joints and spine": "joints",
    "liver": "liver",
    "many organs": "body",
    "muscles": "muscles",
    "skin and hair": "skin",
    "tear and saliva glands": "tears",
    "thyroid and pancreas": "glands",
}
