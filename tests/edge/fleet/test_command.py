import json

from edge.fleet import command


def test_without_passes_the_command_says_how_a_hub_gives_them(tmp_path, capsys):
    assert command.main(["--nodes", "7", "--passes", str(tmp_path / "fleet.json")]) == 2
    assert "python -m hub fleet --nodes 7" in capsys.readouterr().err


def test_passes_that_are_none_are_refused_in_a_sentence(tmp_path, capsys):
    passes = tmp_path / "fleet.json"
    passes.write_text("[]")
    assert command.main(["--passes", str(passes)]) == 2
    assert "cannot be used" in capsys.readouterr().err


def test_more_nodes_than_the_hub_knows_are_refused(tmp_path, capsys):
    passes = tmp_path / "fleet.json"
    passes.write_text(
        json.dumps({"broker_url": "mqtt://USER@127.0.0.1", "passwords": {"a/b": "x"}})
    )
    assert command.main(["--nodes", "2", "--passes", str(passes)]) == 2
    assert "names 1 nodes" in capsys.readouterr().err
