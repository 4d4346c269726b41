"""Build what the laboratory's page (`lab/`) needs into lab/built, and serve it if asked.

`python -m tools.laboratory [--serve]`, or `make laboratory`: ONNX Runtime Web from npm, the rooms'
network and the course's backbone as ONNX, a few photographs to try, and the list of files that the
page keeps for when there is no network. All of it is made; nothing of it is committed.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from apps import check, sentences
from helpers.errors import CourseError
from helpers.runtime import ROOT, import_keras

LAB = ROOT / "lab"
BUILT = LAB / "built"
STAGE = ROOT / "build" / "laboratory"  # on the same disk, so that a finished build moves at once
PINS = ("package.json", "package-lock.json", ".npmrc")
DIST = Path("node_modules") / "onnxruntime-web" / "dist"
# The build for the processor alone: the smallest, and the same answers everywhere.
RUNTIME = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
NETWORK = re.compile(r"ENOTFOUND|EAI_AGAIN|E\w*TIMEDOUT|ECONN\w+|\w+UNREACH|SOCKET_TIMEOUT")
SAMPLES_EACH = 4  # photographs of each class
BODY = "rooms"  # the backbone that has seen no room, so that rooms can be taught
PORT = 8000


def main() -> None:
    """Build the laboratory; serve it on this computer alone if asked."""
    from apps.predictor import MODEL

    parser = argparse.ArgumentParser("tools.laboratory", description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=MODEL, help="the .keras file (%(default)s)")
    parser.add_argument("--serve", action="store_true", help="open it to this computer")
    parser.add_argument("--port", type=int, default=PORT, help="where (%(default)s)")
    chosen = parser.parse_args()
    check("export")
    server = listening(chosen.port) if chosen.serve else None  # before a minute's work, not after
    import_keras()  # first of all, or it tells about the processor
    build(chosen.model)
    if server:
        serve(server)
    else:
        command = f"python3 -m http.server --bind 127.0.0.1 --directory lab {chosen.port}"
        print(f"Open it: {command}, then http://127.0.0.1:{chosen.port}/")


def build(model: Path, to: Path = BUILT) -> None:
    """Make lab/built anew; until all of it is there, what was built before stays.

    Raises:
        CourseError: npm is missing or fails, the model cannot be read, or the folder not written.
    """
    part = STAGE / to.name
    try:
        shutil.rmtree(STAGE, ignore_errors=True)  # of a build that was broken off
        (part / "samples").mkdir(parents=True)
        runtime(part)
        (part / "rooms.onnx").write_bytes(rooms(model))
        (part / "backbone.onnx").write_bytes(backbone())
        samples(part / "samples")
        (part / "files.js").write_text(files(part), "utf-8")
        if to.is_symlink():
            to.unlink()
        elif to.exists():
            to.rename(STAGE / "before")
        part.rename(to)
    except OSError as error:
        raise CourseError(
            f"{to} cannot be written ({error.strerror or error}): make room on the disk, or build "
            "in a folder that you may write to."
        ) from None
    finally:
        shutil.rmtree(STAGE, ignore_errors=True)
    total = sum(file.stat().st_size for file in to.rglob("*") if file.is_file())
    print(f"{to}: {total / 1e6:.1f} MB")


def runtime(to: Path) -> None:
    """Copy ONNX Runtime Web, as lab/package-lock.json pins it, from npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise CourseError("npm is not installed: install Node.js, which brings it, and try again.")
    with tempfile.TemporaryDirectory() as folder:  # hundreds of files, of which three are wanted
        for name in PINS:
            shutil.copyfile(LAB / name, Path(folder) / name)
        command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            why = (done.stderr.strip() or "no reason given").splitlines()[0]
            cure = "look at the network" if NETWORK.search(done.stderr) else "look up what npm says"
            raise CourseError(f"npm could not fetch ONNX Runtime Web ({why}): {cure}.")
        for name in RUNTIME:
            shutil.copyfile(Path(folder) / DIST / name, to / name)


def rooms(model: Path) -> bytes:
    """Return a saved classifier as ONNX, its facts within."""
    from apps.export.formats import FACTS, as_onnx
    from apps.predictor import image_classifier
    from helpers.classifier import facts_of

    classifier = image_classifier(model)
    return as_onnx(classifier.model, classifier.size, {FACTS: facts_of(classifier)})


def backbone() -> bytes:
    """Return the course's backbone as ONNX: from images to the mean of each feature map."""
    import keras

    from apps.export.formats import as_onnx
    from helpers.transfer import OWN_SIDE, own_network, own_weights

    size = (OWN_SIDE, OWN_SIDE)
    weights = own_weights(BODY)
    body = own_network(size)
    body.load_weights(weights)
    mean = keras.layers.GlobalAveragePooling2D(name="features")(body.outputs[0])
    said = {
        "file": weights.name,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "size": size,
    }
    return as_onnx(keras.Model(body.inputs, mean), size, {"backbone": said})


def samples(to: Path) -> None:
    """Copy some rendered rooms of the test split, and list them."""
    from helpers.data import SAMPLES

    listed = []
    for folder in sorted((SAMPLES / "rooms" / "test").iterdir()):
        photos = sorted(folder.glob("*.jpg"))
        for photo in photos[:: max(1, len(photos) // SAMPLES_EACH)][:SAMPLES_EACH]:
            name = f"{folder.name}_{photo.name}"
            shutil.copyfile(photo, to / name)
            listed.append({"file": name, "label": folder.name})
    (to / "samples.json").write_text(json.dumps(listed, indent=1), "utf-8")


def files(to: Path) -> str:
    """Return the script that tells the service worker what to keep, and of which version it is."""
    kept = [*LAB.glob("*.html"), *LAB.glob("*.css"), *LAB.glob("*.svg"), *LAB.glob("js/*.js")]
    kept += [file for file in to.rglob("*") if file.is_file() and file.name != "files.js"]
    version = hashlib.sha256()
    for file in sorted(kept):
        version.update(file.read_bytes())
    names = [f"built/{f.relative_to(to)}" if to in f.parents else f.relative_to(LAB) for f in kept]
    listed = json.dumps(sorted(Path(name).as_posix() for name in names), indent=1)
    return f'self.VERSION = "{version.hexdigest()[:16]}";\nself.FILES = {listed};\n'


def listening(port: int) -> ThreadingHTTPServer:
    """Return a server of the page for this computer alone.

    Raises:
        CourseError: the port is taken, or none.
    """
    handler = partial(SimpleHTTPRequestHandler, directory=str(LAB))
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError):
        raise CourseError(f"Port {port} is not to be had: choose another with --port.") from None


def serve(server: ThreadingHTTPServer) -> None:
    """Serve the page until Ctrl-C."""
    print(f"The laboratory: http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)")
    with server:
        server.serve_forever()


if __name__ == "__main__":
    with sentences():
        main()
