"""Wire types of what is stored of the caller: how much, to take along, to erase."""

from typing import Annotated, BinaryIO

from pydantic import ConfigDict, Field, SkipValidation

from jupyter_tutor.domain.people import Role
from jupyter_tutor.domain.personal_data import DataKind
from jupyter_tutor.server.bodies import Request
from jupyter_tutor.server.replies import Reply


class KindView(Reply):
    """How many rows of a kind there are.

    `profile`: name, accounts and profile; `memory`: courses in which something is remembered;
    `calls`: of a language model, whose amounts stay in the sums of the course when the caller is
    erased; `records`: keys of writes, kept replies, digests, amounts set aside, audit trail.
    """

    kind: DataKind
    count: int


class MembershipView(Reply):
    """A course the caller is in, and as what."""

    course: str
    role: Role


class MyDataReply(Reply):
    """How much is stored of the caller; every kind is there, in a fixed order.

    `confirm` is what has to be sent to be erased. `released_grades` of the evaluations were
    released by an instructor; they are erased too, and the course keeps no copy.
    """

    display_name: str
    confirm: str
    accounts: list[str]
    courses: list[MembershipView]
    kinds: list[KindView]
    released_grades: int


class ErasureBody(Request):
    """Erase the caller; `confirm` has to be their name, as `MyDataReply` tells it."""

    confirm: Annotated[str, Field(max_length=1000)]


class ErasedReply(Reply):
    """How much was erased."""

    kinds: list[KindView]


class ExportReply(Reply):
    """A file to download: `file` alone is sent, under `name`."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str
    file: Annotated[BinaryIO, SkipValidation]
