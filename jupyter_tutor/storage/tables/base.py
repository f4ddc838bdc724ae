"""The declarative base: names of constraints, and how annotations become column types."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Double, LargeBinary, MetaData, Uuid, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

from jupyter_tutor.domain.conversations import Speaker
from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.evaluations import Evaluator, Outcome
from jupyter_tutor.domain.exercises import ExerciseKind, HintLevel, Visibility
from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.domain.model_calls import CallOutcome, Purpose, Tier
from jupyter_tutor.domain.people import LearningStyle, Role, SkillLevel
from jupyter_tutor.domain.reading_batches import BatchState
from jupyter_tutor.domain.reviews import NoDraft, ReviewStatus
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.storage.columns import Named, Numbered, Text

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

Key = Annotated[UUID, mapped_column(primary_key=True)]
"""A UUIDv7 made by the application."""

CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]
"""Time of the transaction that inserted the row."""


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {
        str: Text(),
        bytes: LargeBinary(),
        float: Double(),
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        BatchState: Named(BatchState),
        CallOutcome: Named(CallOutcome),
        Evaluator: Named(Evaluator),
        FeedbackMark: Named(FeedbackMark),
        ExerciseKind: Named(ExerciseKind),
        GradingStatus: Named(GradingStatus),
        HintLevel: Numbered(HintLevel),
        HintSource: Named(HintSource),
        LearningStyle: Named(LearningStyle),
        NoDraft: Named(NoDraft),
        Outcome: Named(Outcome),
        Purpose: Named(Purpose),
        ReviewStatus: Named(ReviewStatus),
        Role: Named(Role),
        SecretResults: Named(SecretResults),
        SkillLevel: Named(SkillLevel),
        Speaker: Named(Speaker),
        Tier: Named(Tier),
        Visibility: Named(Visibility),
    }
