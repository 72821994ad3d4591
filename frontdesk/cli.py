"""The `frontdesk` command. Nothing but the standard library is imported, so that `--help` answers at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol

from frontdesk import arguments

ASPECTS = ("persona", "readiness", "lead", "route", "question", "text")
"""`core.flight.Aspect`, which is not imported here."""
EXIT_CONFIG = 78
EXIT_DEPENDENCY = 69
EXIT_USAGE = 64
EXIT_INTERRUPTED = 130


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 64 (usage), 69 (a dependency), 78 (the files) or 130 (interrupted).

    It is 1 where a command was given a limit and that was passed.
    """
    options = _parser().parse_args(words)
    command: Callable[[argparse.Namespace], int] = getattr(import_module(options.module), "run")  # noqa: B009
    from core.errors import ConfigError, DependencyError

    try:
        return command(options)
    except ConfigError as error:
        print(f"frontdesk: {error}", file=sys.stderr)
        return EXIT_CONFIG
    except DependencyError as error:
        print(f"frontdesk: {error}", file=sys.stderr)
        return EXIT_DEPENDENCY
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"frontdesk: {message}. `frontdesk --help` lists the commands.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="frontdesk",
        description="Greets every prospect, learns what they need, and hands sales an enriched lead.",
        epilog="Start with `frontdesk demo`. Every command has its own --help.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    _demo(commands)
    _init(commands)
    _crawl(commands)
    _serve(commands)
    _chat(commands)
    _check(commands)
    _doctor(commands)
    _replay(commands)
    _flight(commands)
    _experiments(commands)
    _eval(commands)
    _personas(commands)
    _people(commands)
    _erase(commands)
    _erasures(commands)
    _export(commands)
    _backup(commands)
    _restore(commands)
    _channels(commands)
    _deliveries(commands)
    _handoff(commands)
    _verdicts(commands)
    _dashboard(commands)
    _audit(commands)
    _directory(commands)
    _slack(commands)
    _telegram(commands)
    _teams(commands)
    _simulate(commands)
    _schema(commands)
    return parser


class Commands(Protocol):
    """What `add_subparsers` gives; argparse has no public name for it."""

    def add_parser(self, name: str, *, help: str, description: str) -> _Parser: ...  # noqa: A002  argparse's own word


def _demo(commands: Commands) -> None:
    command = _command(commands, "demo", "an example company with its site, a sales channel and a live profile")
    command.add_argument("--port", type=arguments.port, default=0, help="port to listen on (default: any free one)")
    command.add_argument("--open", action="store_true", help="open the page in the browser")


def _init(commands: Commands) -> None:
    command = _command(commands, "init", "set a desk up: read your site and write commented files into DIR")
    command.add_argument("dir", type=Path, metavar="DIR", help="a new or empty folder; a frontdesk.yaml in it is kept")
    command.add_argument("--site", default="", metavar="URL", help="your website; asked for when it is missing")
    command.add_argument("--yes", action="store_true", help="ask nothing, take what the site says")
    arguments.no_model(command)
    arguments.private_hosts(command)


def _crawl(commands: Commands) -> None:
    command = _command(commands, "crawl", "learn from a website: passages to quote, and the customers it addresses")
    command.add_argument(
        "url",
        nargs="?",
        default="",
        metavar="URL",
        help="where to begin, e.g. https://www.example.com; or a folder of pages",
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files are written")
    command.add_argument("--json", action="store_true", help="one JSON object at the end, and nothing else")
    command.add_argument("--yes", action="store_true", help="write changes without asking")
    command.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    command.add_argument("--undo", action="store_true", help="put back the files as they were before the last crawl")
    arguments.no_model(command)
    command.add_argument(
        "--max-pages", type=arguments.pages, default=500, metavar="N", help="pages to read (default: 500)"
    )
    arguments.private_hosts(command)


def _serve(commands: Commands) -> None:
    command = _command(commands, "serve", "run the hub for the files in DIR")
    arguments.desk(command)
    command.add_argument(
        "--port", type=arguments.port, help="port to listen on (default: `server.port` of frontdesk.yaml)"
    )
    command.add_argument("--host", default="", metavar="ADDRESS", help="address to listen on (default: `server.host`)")
    command.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    command.add_argument(
        "--log-format", choices=("text", "json"), help="lines for people or for collectors (default: `logging.format`)"
    )


def _chat(commands: Commands) -> None:
    command = _command(commands, "chat", "talk to the assistant in the terminal; nothing is stored")
    arguments.desk(command)
    command.add_argument("--page", default="", metavar="URL", help="the page of the site the visitor is on")
    command.add_argument("--quiet", action="store_true", help="only the replies, no persona, facts and readiness")
    command.add_argument("--json", action="store_true", help="one JSON object a reply")


def _check(commands: Commands) -> None:
    command = _command(commands, "check", "list every problem of the files in DIR, without any network")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="the problems as JSON")


def _doctor(commands: Commands) -> None:
    command = _command(commands, "doctor", "ask everything the desk in DIR leans on whether it works")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="what was found as JSON")


def _replay(commands: Commands) -> None:
    command = _command(commands, "replay", "run recorded conversations, one prediction a visitor turn")
    command.add_argument("file", type=Path, metavar="FILE.jsonl", help="conversations, one JSON object a line")
    arguments.desk(command)
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the predictions go")
    command.add_argument("--now", metavar="DATE", default="", help="the date of the chats, e.g. 2026-03-01")


def _flight(commands: Commands) -> None:
    command = _command(commands, "flight", "try edited files on past conversations before they are in force")
    arguments.desk(command)
    command.add_argument(
        "--against", type=Path, metavar="DIR", help="the edited files; without it, what is in force against the folder"
    )
    command.add_argument(
        "--last", type=arguments.conversations, metavar="N", help="conversations of the store (default: 100)"
    )
    command.add_argument(
        "--example", type=Path, metavar="FILE", help="also these conversations, one JSON object a line"
    )
    command.add_argument(
        "--most", type=arguments.share, metavar="SHARE", help="exit with 1 when more change, e.g. 0.1 or 10%%"
    )
    command.add_argument(
        "--of",
        nargs="+",
        choices=ASPECTS,
        default=(),
        metavar="WHAT",
        help=f"what counts for --most: {', '.join(ASPECTS)}",
    )
    command.add_argument("--json", action="store_true", help="everything as JSON")


def _experiments(commands: Commands) -> None:
    command = _command(commands, "experiments", "what experiments.yaml tries out shows so far, and what may be claimed")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="the counts and figures as JSON")


def _eval(commands: Commands) -> None:
    command = _command(commands, "eval", "measure understanding on labelled conversations, beside trivial policies")
    command.add_argument("file", type=Path, metavar="FILE.jsonl", help="labelled conversations, one JSON object a line")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="the figures as JSON")
    command.add_argument("--markdown", action="store_true", help="the figures as a table to paste")
    command.add_argument("--facts", type=Path, metavar="FILE", help="what the site says, to judge the answers by")
    command.add_argument("--triggers", action="store_true", help="calls saved and fields missed by smart triggers")
    command.add_argument("--arms", action="store_true", help="also with words only and with meaning only")
    command.add_argument("--now", metavar="DATE", default="", help="the date of the chats, e.g. 2026-03-01")


def _personas(commands: Commands) -> None:
    command = _command(commands, "personas", "kinds of visitor that keep coming and match no persona yet")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="the proposals as JSON")
    command.add_argument("--dismiss", default="", metavar="ID", help="never propose this one again")


def _people(commands: Commands) -> None:
    command = _command(commands, "people", "which visitors are one person, by what proof, and what is known of them")
    arguments.desk(command)
    command.add_argument(
        "--person", required=True, metavar="ID", help="a visitor or a person, e.g. of a lead's visitor"
    )
    command.add_argument(
        "--as-of", default="", metavar="TIME", help="as it stood then, e.g. 2026-03-01 or 2026-03-01T14:00"
    )
    command.add_argument("--unmerge", default="", metavar="LINK", help="take this link back: both are who they were")
    command.add_argument("--json", action="store_true", help="one JSON object")


def _erase(commands: Commands) -> None:
    command = _command(commands, "erase", "take out everything kept of a person, also what sales was shown in Slack")
    arguments.desk(command)
    _whose(command)
    command.add_argument("--dry-run", action="store_true", help="say what would go, take out nothing")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--json", action="store_true", help="what was taken out, as JSON")


def _erasures(commands: Commands) -> None:
    command = _command(commands, "erasures", "save the list of who was erased, or apply it to a restored backup")
    arguments.desk(command)
    chosen = command.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--out", type=Path, metavar="FILE", help="write the list there; it names nobody")
    chosen.add_argument(
        "--apply", type=Path, metavar="FILE", help="take out again whom this list and the store's own name"
    )


def _export(commands: Commands) -> None:
    command = _command(commands, "export", "write everything kept of a person into a file")
    arguments.desk(command)
    _whose(command)
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, readable by you alone")


def _backup(commands: Commands) -> None:
    command = _command(commands, "backup", "write everything the built-in store holds into one file, while it runs")
    arguments.desk(command)
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="where it goes, readable by you alone")
    command.add_argument("--force", action="store_true", help="take the place of a file that is there")
    command.add_argument("--json", action="store_true", help="what was written, as JSON")


def _restore(commands: Commands) -> None:
    command = _command(commands, "restore", "put a backup into the built-in store; who was erased since stays erased")
    command.add_argument("file", type=Path, metavar="FILE", help="what `frontdesk backup` wrote")
    arguments.desk(command)
    command.add_argument("--force", action="store_true", help="put the files of a store that is there aside")
    command.add_argument(
        "--forget-erasures", action="store_true", help="also where it cannot be read who was erased since the backup"
    )
    command.add_argument("--json", action="store_true", help="what was done, as JSON")


def _whose(command: argparse.ArgumentParser) -> None:
    whose = command.add_mutually_exclusive_group(required=True)
    whose.add_argument("--person", default="", metavar="ID", help="a visitor or a person, with everybody they are")
    whose.add_argument("--email", default="", metavar="ADDRESS", help="everybody who gave this address")
    whose.add_argument("--conversation", default="", metavar="ID", help="the person of this conversation")


def _channels(commands: Commands) -> None:
    command = _command(commands, "channels", "what each kind of channel can do")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.add_argument("--markdown", action="store_true", help="as a table to paste")


def _deliveries(commands: Commands) -> None:
    command = _command(commands, "deliveries", "replies that may not have arrived, leads that have not yet")
    arguments.desk(command)
    command.add_argument("--settle", default="", metavar="ID", help="take this one off the list")
    command.add_argument("--replay", default="", metavar="LEAD@SINK", help="send this lead to this sink again, now")
    command.add_argument("--json", action="store_true", help="the list as JSON")


def _handoff(commands: Commands) -> None:
    command = _command(commands, "handoff", "where a lead goes by the rules of handoff.yaml, and why")
    command.add_argument("what", choices=("explain",), help="which rule decides, who is there, whose turn it is")
    command.add_argument("lead", metavar="LEAD", help="a lead's ID, or a JSON file with what a webhook tells of one")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="as JSON")


def _verdicts(commands: Commands) -> None:
    command = _command(commands, "verdicts", "what became of leads, by persona and by rule, and how far scores told it")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="as JSON")


def _dashboard(commands: Commands) -> None:
    command = _command(commands, "dashboard", "let somebody into the dashboard")
    command.add_argument("what", choices=("link",), help="print a link that is good once, for 15 minutes")
    arguments.desk(command)
    command.add_argument(
        "--role", choices=("viewer", "agent", "admin", "owner"), default="owner", help="of a new account"
    )
    command.add_argument("--account", default="", metavar="NAME", help="set the password of this account anew")


def _audit(commands: Commands) -> None:
    command = _command(commands, "audit", "whether the log of what was changed by hand is whole")
    command.add_argument("what", choices=("verify",), help="check every line against the one before it")
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="the verdict as JSON")


def _directory(commands: Commands) -> None:
    command = _command(commands, "directory", "the lists and figures of the dashboard, made anew or checked")
    command.add_argument(
        "what", choices=("rebuild", "check"), help="make them anew from the conversations; or only compare"
    )
    arguments.desk(command)
    command.add_argument("--json", action="store_true", help="what was found as JSON")


def _slack(commands: Commands) -> None:
    command = _command(
        commands, "slack", "the apps to create in Slack: the one prospects write to, and the sales team's"
    )
    command.add_argument("what", choices=("manifest",), help="the app manifest, as JSON")
    command.add_argument("-c", "--config", type=Path, metavar="DIR", help="fill in the address of this desk")
    command.add_argument("--channel", default="slack", metavar="NAME", help="the channel's file (default: slack)")
    command.add_argument("--sales", action="store_true", help="the sales team's app, with buttons and commands")
    command.add_argument("--open", action="store_true", help="open Slack's page that creates the app")


def _telegram(commands: Commands) -> None:
    command = _command(commands, "telegram", "links that begin a chat in Telegram and say where they were found")
    command.add_argument("what", choices=("link",), help="make one link for a campaign")
    arguments.desk(command)
    command.add_argument("--campaign", required=True, metavar="NAME", help="e.g. spring-fair; told on the lead")
    command.add_argument("--source", default="", metavar="WORDS", help="where the link is put up, e.g. newsletter")
    command.add_argument("--page", default="", metavar="URL", help="the page of your site the link stands for")
    command.add_argument("--channel", default="", metavar="NAME", help="the channel's file, where there are several")
    command.add_argument("--bot", default="", metavar="NAME", help="the bot's user name; asked of Telegram without it")
    command.add_argument("--qr", type=Path, metavar="FILE", help="also draw the link as a QR code: .svg or .png")
    command.add_argument("--json", action="store_true", help="as JSON")


def _teams(commands: Commands) -> None:
    command = _command(commands, "teams", "the app package of a bot in Microsoft Teams")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=_Parser)
    action = actions.add_parser("package", help="write the zip file that is uploaded to Teams")
    arguments.desk(action)
    action.add_argument("--channel", default="", metavar="NAME", help="which one, where there are several")
    action.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="where the package goes")


def _simulate(commands: Commands) -> None:
    command = _command(commands, "simulate", "fill a store with made-up visitors, to try everything at size")
    arguments.desk(command)
    command.add_argument(
        "--profiles", type=arguments.count, required=True, metavar="N", help="how many conversations to make"
    )
    command.add_argument("--seed", type=int, default=1, metavar="N", help="the same makes the same (default: 1)")
    command.add_argument("--among-others", action="store_true", help="also where there are conversations already")
    command.add_argument("--json", action="store_true", help="what was done as JSON")


def _schema(commands: Commands) -> None:
    command = _command(commands, "schema", "print the JSON Schema of one of the files")
    command.add_argument(
        "file", nargs="?", default="", metavar="NAME", help="e.g. frontdesk.yaml; without it: the names"
    )
    command.add_argument(
        "--reference", type=Path, metavar="DIR", help="instead write a page to read about each file into DIR (Markdown)"
    )


def _command(commands: Commands, name: str, summary: str) -> _Parser:
    command = commands.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
    command.set_defaults(module=f"frontdesk.commands.{name}")
    return command
