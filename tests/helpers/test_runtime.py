"""What everything stands on stays light: no figure, no notebook, no TensorFlow."""

import subprocess
import sys
import types

import pytest
from pictures import ROOT

from helpers.runtime import is_live, place

HEAVY = {"IPython", "keras", "matplotlib", "tensorflow"}


def test_opening_a_picture_takes_neither_keras_nor_matplotlib_nor_a_notebook():
    """Keras itself imports Matplotlib and IPython, so what needs Keras is not asked here."""
    code = "import sys, helpers, helpers.runtime, helpers.files, helpers.errors, helpers.images;"
    code += f"print(sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


@pytest.fixture
def host(monkeypatch):
    """Play a host: what stands in the environment, in the user's names, and the kernel's class."""

    def play(environment=(), names=(), kernel="ipykernel.zmqshell", colab=False):
        for name in ("COURSE_LIVE", "JPY_SESSION_NAME", "KAGGLE_KERNEL_RUN_TYPE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in dict(environment).items():
            monkeypatch.setenv(name, value)
        shell = type("Shell", (), {"user_ns": dict(names), "__module__": kernel})()
        stand_in = types.SimpleNamespace(get_ipython=lambda: shell)
        monkeypatch.setitem(sys.modules, "IPython", stand_in)
        if colab:
            monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
        else:
            monkeypatch.delitem(sys.modules, "google.colab", raising=False)

    return play


VSCODE = {"__vsc_ipynb_file__": "/home/ada/05.ipynb"}


@pytest.mark.parametrize(
    ("played", "where", "live"),
    [
        ({}, "", False),
        ({"environment": {"JPY_SESSION_NAME": "05.ipynb"}}, "jupyter", True),
        ({"names": VSCODE}, "vscode", True),
        ({"kernel": "google.colab._shell"}, "colab", True),
        ({"colab": True}, "colab", True),
        ({"names": VSCODE, "kernel": "google.colab._shell", "colab": True}, "vscode", True),
        ({"environment": {"COLAB_RELEASE_TAG": "release-colab"}}, "", False),
        ({"environment": {"KAGGLE_KERNEL_RUN_TYPE": "Interactive"}, "colab": True}, "kaggle", True),
        ({"environment": {"KAGGLE_KERNEL_RUN_TYPE": "Batch"}, "colab": True}, "kaggle", False),
        ({"environment": {"COURSE_LIVE": "0"}, "names": VSCODE}, "vscode", False),
        ({"environment": {"COURSE_LIVE": "1", "KAGGLE_KERNEL_RUN_TYPE": "Batch"}}, "kaggle", True),
    ],
)
def test_each_host_is_known_by_its_mark(host, played, where, live):
    host(**played)
    assert (place(), is_live()) == (where, live)


def test_without_ipython_there_is_no_notebook(monkeypatch):
    for name in ("COURSE_LIVE", "JPY_SESSION_NAME", "KAGGLE_KERNEL_RUN_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    assert place() == "" and not is_live()


def test_what_is_computed_goes_below_one_folder():
    from helpers import cache, runtime

    assert runtime.SAVED == ROOT / "saved"
    assert cache.CACHE.parent == runtime.SAVED


def test_what_is_hidden_cannot_be_imported_for_a_while_and_can_be_afterwards(monkeypatch):
    from helpers.runtime import hidden

    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with hidden("colorsys", "types"):
        with pytest.raises(ImportError):
            import colorsys
        assert sys.modules["types"]  # imported before, so it stays
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KERAS_BACKEND", "jax", "KERAS_BACKEND is 'jax', .* unset it, or set it to tensorflow"),
        ("TF_NUM_INTRAOP_THREADS", "-1", "TF_NUM_INTRAOP_THREADS is '-1': unset it"),
        ("TF_NUM_INTRAOP_THREADS", "two", "TF_NUM_INTRAOP_THREADS is 'two': unset it"),
        ("TF_NUM_INTRAOP_THREADS", "2000000", "a whole number from 0 .* to 4096"),
        ("keras.json", '{"backend": "jax"}', "keras.json sets backend to 'jax', .* KERAS_BACKEND"),
        ("keras.json", '{"floatx": "float16"}', "sets floatx to 'float16', .* change that there"),
        ("keras.json", "[]", "keras.json holds no settings: delete it"),
    ],
)
def test_what_would_end_the_import_of_keras_gets_a_sentence(
    name, value, said, tmp_path, monkeypatch
):
    from helpers import CourseError
    from helpers.runtime import import_keras

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    if name == "keras.json":
        (tmp_path / name).write_text(value)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(CourseError, match=said):
        import_keras()


@pytest.mark.parametrize("settings", ["{", '{"backend": "jax"}', '{"epsilon": 1e-7}'])
def test_what_keras_passes_by_is_no_hindrance(settings, tmp_path, monkeypatch):
    from helpers.runtime import check_environment

    (tmp_path / "keras.json").write_text(settings)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "2")
    check_environment()


def test_the_set_up_does_without_a_package_that_the_course_does_not_use():
    code = "import sys, helpers; helpers.start();"
    code += "print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
