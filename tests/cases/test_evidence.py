"""The bytes of files: kept under their hash, sealed where keys are set, never believed unseen."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cases.encryption import Vault
from bot.cases.evidence import EvidenceStore
from bot.errors import CheckFailed, ConfigurationError

CONTENT = b"name,address\n"
DIGEST = sha256(CONTENT).hexdigest()


def test_without_a_folder_nothing_is_kept() -> None:
    store = EvidenceStore(None, 1000, Vault())
    assert not store.keeps
    store.keep("2026-0001", CONTENT)
    store.forget("2026-0001")
    assert store.of("2026-0001") == {}


def test_a_file_is_kept_once_for_its_case_and_readable_by_nobody_else(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, 1000, Vault())
    store.keep("2026-0001", CONTENT)
    store.keep("2026-0001", CONTENT)
    store.keep("2026-0002", b"other")
    assert store.members("2026-0001") == {f"evidence/{DIGEST}": CONTENT}
    [file] = (tmp_path / "2026-0001").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == (DIGEST, 0o600)
    assert (tmp_path / "2026-0001").stat().st_mode & 0o777 == 0o700
    store.forget("2026-0001")
    assert store.of("2026-0001") == {}
    assert len(store.of("2026-0002")) == 1


def test_with_keys_it_is_sealed_and_older_ones_stay_readable(tmp_path: Path) -> None:
    EvidenceStore(tmp_path, 1000, Vault()).keep("2026-0001", b"before there were keys")
    store = EvidenceStore(tmp_path, 1000, Vault([Fernet.generate_key().decode()]))
    store.keep("2026-0001", CONTENT)
    assert CONTENT not in (tmp_path / "2026-0001" / f"{DIGEST}.sealed").read_bytes()
    assert sorted(store.of("2026-0001").values()) == [b"before there were keys", CONTENT]
    with pytest.raises(ConfigurationError, match="encrypted files"):
        EvidenceStore(tmp_path, 1000, Vault()).of("2026-0001")
    with pytest.raises(ConfigurationError, match="no key"):
        EvidenceStore(tmp_path, 1000, Vault([Fernet.generate_key().decode()])).of("2026-0001")


def test_a_file_that_was_changed_is_no_evidence(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, 1000, Vault())
    store.keep("2026-0001", CONTENT)
    (tmp_path / "2026-0001" / DIGEST).write_bytes(b"something else")
    with pytest.raises(CheckFailed, match="SHA-256 has changed"):
        store.of("2026-0001")


def test_a_disk_that_refuses_leaves_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "2026-0001").write_text("in the way")
    store = EvidenceStore(tmp_path, 1000, Vault())
    with pytest.raises(OSError, match="2026-0001"):
        store.keep("2026-0001", CONTENT)
    assert [path.name for path in tmp_path.iterdir()] == ["2026-0001"]


def test_new_keys_for_old_the_unsealed_files_too(tmp_path: Path) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    EvidenceStore(tmp_path, 1000, Vault()).keep("2026-0001", b"before there were keys")
    EvidenceStore(tmp_path, 1000, Vault([old])).keep("2026-0002", CONTENT)
    both = EvidenceStore(tmp_path, 1000, Vault([new, old]))
    assert both.rekey() == (2, 2)
    assert both.rekey() == (2, 0)
    alone = EvidenceStore(tmp_path, 1000, Vault([new]))
    assert list(alone.of("2026-0001").values()) == [b"before there were keys"]
    assert alone.of("2026-0002") == {DIGEST: CONTENT}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".sealed"}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    with pytest.raises(ConfigurationError, match="no key"):
        EvidenceStore(tmp_path, 1000, Vault([old])).rekey()
