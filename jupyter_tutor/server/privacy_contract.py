"""The routes of what is stored of the caller."""

from typing import Final

from jupyter_tutor.server import privacy_schemas as wire
from jupyter_tutor.server.operations import LANGUAGE, ZIP, Operation

PRIVACY_OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "get_my_data",
        "GET",
        "/me/data",
        "How much is stored of the caller",
        wire.MyDataReply,
    ),
    Operation(
        "get_my_export",
        "GET",
        "/me/export",
        "All that is stored of the caller, as a zip archive of JSON documents and notebooks",
        wire.ExportReply,
        parameters=(LANGUAGE,),
        media=ZIP,
    ),
    Operation(
        "delete_me",
        "DELETE",
        "/me",
        "Erase the caller and everything that is theirs; there is no way back",
        wire.ErasedReply,
        wire.ErasureBody,
    ),
)
