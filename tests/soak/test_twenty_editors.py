"""Twenty editors for a minute and a half, with the same kills."""

from tests.house.editors import write_and_kill


def test_no_acknowledged_save_is_lost_over_minutes(tmp_path):
    editors = write_and_kill(tmp_path, seconds=90)
    saves = sum(len(editor.acknowledged) for editor in editors)
    aside = sum(editor.kept_aside for editor in editors)
    print(f"{saves} saves acknowledged, {aside} of them kept aside, none lost")
