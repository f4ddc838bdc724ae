"""The command line: `jupyter tutor <verb>`.

Verbs import what they need when they run, so that `--help` answers at once.
"""

import logging
import os
import shutil
import signal
import sys
from pathlib import Path

from jupyter_core.application import JupyterApp
from traitlets import Bool, TraitError, Unicode

from jupyter_tutor import __version__
from jupyter_tutor.config import Settings, Tutor
from jupyter_tutor.domain.errors import InvalidInput, TutorError

_AGAIN = "Prove again what was proven before and has not changed since."


class Verb(JupyterApp):
    """Base of the verbs: configuration, and errors that people can read."""

    version = __version__
    config_file_name = Unicode("jupyter_tutor_config")
    classes = [Tutor]
    usage = ""
    subcommand_description = Unicode(
        "Run them as `{app} VERB`; `{app} VERB --help` says more of one."
    )
    option_description = Unicode(
        "What `c.Tutor` and its like set in a configuration file can be said here too, as in "
        "--Tutor.database_url=...; `jupyter tutor VERB --help-all` lists it all."
    )

    @property
    def settings(self) -> Settings:
        """What was configured."""
        return Tutor(parent=self).settings()

    def start(self) -> None:
        """Run the verb; what people can mend ends it with exit status 1 and a message."""
        super().start()
        try:
            status = self.run()
        except (TutorError, TraitError) as error:
            print(f"jupyter tutor: {error}", file=sys.stderr)
            status = 1
        except KeyboardInterrupt:
            print("jupyter tutor: interrupted.", file=sys.stderr)
            status = 128 + signal.SIGINT
        self.exit(status)

    def run(self) -> int:
        """Do the work and return the exit status."""
        if not self.extra_args:
            self.print_help()
            return 0
        print(
            f"jupyter tutor: There is no verb {self.extra_args[0]!r} here; the verbs are "
            f"{', '.join(self.subcommands)}.",
            file=sys.stderr,
        )
        return 2

    def paths(self) -> tuple[Path, ...]:
        """Return the paths on the command line. Raises InvalidInput when there are none."""
        if not self.extra_args:
            raise InvalidInput(f"Name at least one path: {self.usage}")
        return tuple(Path(argument) for argument in self.extra_args)


class Lab(Verb):
    """Open JupyterLab with the tutor started: `jupyter tutor lab [options of JupyterLab]`."""

    name = "jupyter tutor lab"
    description = __doc__

    def initialize(self, argv: list[str] | None = None) -> None:
        """Keep every argument for JupyterLab."""
        self.lab_arguments = list(argv or [])

    def start(self) -> None:
        """Become JupyterLab."""
        from jupyterlab.labapp import LabApp

        arguments = ["--TutorApp.start_now=True", *self.lab_arguments]
        if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in arguments:
            print(
                "jupyter tutor: running as root, as containers do; give people accounts of their "
                "own on a shared machine.",
                file=sys.stderr,
            )
            arguments.append("--allow-root")
        # JupyterLab is an application of its own: it must not meet this one as the running one.
        self.clear_instance()
        LabApp.launch_instance(argv=arguments)


class Check(Verb):
    """Prove notebooks: `jupyter tutor check PATH... [--again]` (course folder or notebooks)."""

    name = "jupyter tutor check"
    description = __doc__
    usage = "jupyter tutor check PATH... [--again]"
    again = Bool(default_value=False, help=_AGAIN).tag(config=True)
    flags = {**JupyterApp.flags, "again": ({"Check": {"again": True}}, _AGAIN)}

    def run(self) -> int:
        """Print the report; 1 when a proof fails."""
        paths = self.paths()
        from jupyter_tutor.bootstrap.authoring import authoring as open_authoring

        with open_authoring(self.settings, again=self.again) as authoring:
            report = authoring.check(paths)
        print(report.text(colour=sys.stdout.isatty()))
        return 0 if report.proven else 1


class Publish(Verb):
    """Prove and store notebooks: `jupyter tutor publish PATH... [--course SLUG] [--again]`."""

    name = "jupyter tutor publish"
    description = __doc__
    usage = "jupyter tutor publish PATH... [--course SLUG]"
    course = Unicode(
        "", help="Slug of the course that is meant; course.toml has to say the same."
    ).tag(config=True)
    again = Bool(default_value=False, help=_AGAIN).tag(config=True)
    aliases = {**JupyterApp.aliases, "course": "Publish.course"}
    flags = {**JupyterApp.flags, "again": ({"Publish": {"again": True}}, _AGAIN)}

    def run(self) -> int:
        """Print what changed; 1 when a proof fails, and then nothing is stored."""
        paths = self.paths()
        from jupyter_tutor.bootstrap.authoring import authoring as open_authoring

        with open_authoring(self.settings, publishing=True, again=self.again) as authoring:
            published = authoring.publish(self.course or None, paths)
        print(published.text(colour=sys.stdout.isatty()))
        return 0 if published.proof.proven else 1


class Release(Verb):
    """Write the learners' copies: `jupyter tutor release PATH... --to FOLDER`."""

    name = "jupyter tutor release"
    description = __doc__
    usage = "jupyter tutor release PATH... --to FOLDER [--force]"
    to = Unicode("release", help="Folder to write into.").tag(config=True)
    force = Bool(default_value=False, help="Replace files that differ.").tag(config=True)
    aliases = {**JupyterApp.aliases, "to": "Release.to"}
    flags = {
        **JupyterApp.flags,
        "force": ({"Release": {"force": True}}, "Replace files that differ."),
    }

    def run(self) -> int:
        """Print what was written; 1 when a file was left alone or a proof fails."""
        paths = self.paths()
        from jupyter_tutor.bootstrap.authoring import authoring as open_authoring

        with open_authoring() as authoring:
            report = authoring.release(paths, Path(self.to), force=self.force)
        print(report.text(colour=sys.stdout.isatty()))
        return 0 if report.complete else 1


class Worker(Verb):
    """Grade until stopped: `jupyter tutor worker`; any number on any machine."""

    name = "jupyter tutor worker"
    description = __doc__

    def run(self) -> int:
        """Work until SIGINT or SIGTERM, then finish what is running."""
        from jupyter_tutor.bootstrap.grading import worker as open_worker

        with open_worker(self.settings, self.log) as worker:
            print("jupyter tutor: the worker starts; stop it with Ctrl-C.", flush=True)
            worker.run()
        return 0


class Doctor(Verb):
    """Look at all that grading needs: `jupyter tutor doctor`.

    It tells which isolation of answers is in force and why it is not stronger, with the commands
    that would help, runs an answer, and looks at the database and its workers. Exit status: 0 when
    answers can be graded here, also where an embedded database is still to be set up or upgraded,
    which the next start does; 1 when something marked BAD keeps from it, such as an isolation that
    a classroom does not accept or a database that does not answer; 2 when the command is misspelt.
    """

    name = "jupyter tutor doctor"
    description = __doc__

    def run(self) -> int:
        """Print what was found; 1 when answers can't be graded."""
        if self.extra_args:
            print("jupyter tutor: doctor takes no arguments.", file=sys.stderr)
            return 2
        from jupyter_tutor.bootstrap.doctor import examine

        if self.log_level not in (logging.NOTSET, logging.DEBUG, "DEBUG"):
            # What is wrong is in the report; the log would tell it again, with tracebacks.
            logging.getLogger("jupyter_tutor").setLevel(logging.CRITICAL + 1)
        report = examine(self.settings)
        width = min(shutil.get_terminal_size((100, 24)).columns, 110)
        print(report.text(width=width, colour=sys.stdout.isatty()))
        return 0 if report.healthy else 1


class MemoryRebuild(Verb):
    """Rebuild learners' memory from the events: `jupyter tutor memory rebuild --course SLUG`."""

    name = "jupyter tutor memory rebuild"
    description = __doc__
    usage = "jupyter tutor memory rebuild --course SLUG"
    course = Unicode("", help="Slug of the course.").tag(config=True)
    aliases = {**JupyterApp.aliases, "course": "MemoryRebuild.course"}

    def run(self) -> int:
        """Print how many learners' rows differed."""
        if not self.course:
            raise InvalidInput(f"Name the course: {self.usage}")
        from jupyter_tutor.bootstrap.remembering import rebuild_memory

        rebuilt = rebuild_memory(self.settings, self.course)
        print(
            f"{rebuilt.learners} learners rebuilt; {rebuilt.differing} differed from what was "
            "stored."
        )
        return 0


class Memory(Verb):
    """What the tutor knows of learners: `jupyter tutor memory rebuild`."""

    name = "jupyter tutor memory"
    description = __doc__
    subcommands = {
        "rebuild": (MemoryRebuild, "Rebuild learners' memory from the events."),
    }


class Application(Verb):
    """Jupyter Tutor: a private tutor inside every notebook."""

    name = "jupyter tutor"
    description = __doc__
    subcommands = {
        "lab": (Lab, "Open JupyterLab with the tutor."),
        "check": (Check, "Prove source notebooks."),
        "publish": (Publish, "Prove source notebooks and store them for learners."),
        "release": (Release, "Write learners' copies of source notebooks."),
        "worker": (Worker, "Grade until stopped."),
        "doctor": (Doctor, "Look at all that running answers needs."),
        "db": ("jupyter_tutor.cli_db.Database", "Look after the database."),
        "usage": ("jupyter_tutor.cli_usage.Usage", "Tell what a language model cost."),
        "people": ("jupyter_tutor.cli_people.People", "Tell who is in a course and as what."),
        "role": ("jupyter_tutor.cli_people.GiveRole", "Give somebody a role in a course."),
        "memory": (Memory, "Look after learners' memory."),
    }


def main() -> None:
    """Run `jupyter tutor`; whoever reads its output may stop reading, as `head` does."""
    try:
        try:
            Application.launch_instance()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # What is still to be written goes nowhere, or the interpreter would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)


if __name__ == "__main__":
    main()
