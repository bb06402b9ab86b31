"""Where the files beside the code are: templates, the app manifest, the example organisation.

In a checkout they stand at the top of the repository; a wheel carries them as `bot/_data/`.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The path of `templates`, `app_manifest.yml` or `organisation.example.yaml`.

    In: the name as it stands at the top of the repository. Out: an existing path.
    Raises FileNotFoundError where neither the checkout nor the installed package has it, which means
    that the installation is broken.
    """
    checkout = PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).exists():
        return checkout / name
    packaged = PACKAGE / "_data" / name
    if packaged.exists():
        return packaged
    raise FileNotFoundError(f"{name} is missing from the installed package; install leakbot again")
