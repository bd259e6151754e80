"""What the shell offers: where a plan is expected YAML files and folders, where a rule is its code or name."""

from pathlib import Path


def complete_path(incomplete: str) -> list[str]:
    """The YAML files and the folders that begin with what is typed; hidden ones only where a dot is typed."""
    from scaleplan.cli.plans import is_folder

    folder, slash, start = incomplete.rpartition("/")
    try:
        entries = sorted(Path(folder + slash or ".").iterdir())
    except OSError:
        return []
    offered = []
    for entry in entries:
        if not entry.name.startswith(start) or (entry.name.startswith(".") and not start.startswith(".")):
            continue
        if is_folder(str(entry)):
            offered.append(f"{folder}{slash}{entry.name}/")
        elif entry.suffix.lower() in (".yaml", ".yml"):
            offered.append(f"{folder}{slash}{entry.name}")
    return offered


def complete_code(incomplete: str) -> list[str]:
    """The codes, or names, that begin with what is typed."""
    from scaleplan.policy.codes import known_kinds

    kinds = known_kinds().values()
    codes = [kind.code for kind in kinds if kind.code.startswith(incomplete.upper())]
    return codes or [kind.name for kind in kinds if kind.name.startswith(incomplete.lower())]


def complete_venue(incomplete: str) -> list[str]:
    """The venues known by name that begin with what is typed."""
    from scaleplan.venue import VENUE_NAMES

    return [name for name in VENUE_NAMES if name.startswith(incomplete.lower())]
