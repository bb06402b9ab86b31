"""Reads the app's manifest: which scopes, commands, shortcuts and events the app has asked Slack for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass
class Manifest:
    """The part of `app_manifest.yml` that a workspace acts on."""

    bot_name: str = "app"
    scopes: set[str] = field(default_factory=set)
    commands: list[dict[str, Any]] = field(default_factory=list)
    shortcuts: list[dict[str, Any]] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    home_enabled: bool = True
    messages_enabled: bool = True
    interactivity: bool = True

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Read a manifest file. Raises `OSError`, `yaml.YAMLError` or `KeyError` where it is no manifest."""
        quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = yaml.load(path.read_text(encoding="utf-8"), quick)  # noqa: S506 - a SafeLoader
        features, settings = document.get("features", {}), document.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            bot_name=features.get("bot_user", {}).get("display_name")
            or document["display_information"]["name"],
            scopes=set(document.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            commands=features.get("slash_commands", []),
            shortcuts=features.get("shortcuts", []),
            events=set(settings.get("event_subscriptions", {}).get("bot_events", [])),
            home_enabled=home.get("home_tab_enabled", False),
            messages_enabled=home.get("messages_tab_enabled", True),
            interactivity=settings.get("interactivity", {}).get("is_enabled", False),
        )
