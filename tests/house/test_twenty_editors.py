"""Twenty editors, a worker killed, then the whole server: a few seconds of it."""

from tests.house.editors import EDITORS, write_and_kill


def test_no_acknowledged_save_is_lost_when_processes_are_killed(tmp_path):
    editors = write_and_kill(tmp_path, seconds=3)
    assert all(editor.acknowledged for editor in editors)
    assert sum(len(editor.acknowledged) for editor in editors) > EDITORS
    assert any(editor.broken for editor in editors)  # the kills were felt
