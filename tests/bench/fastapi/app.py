"""The same GET as a plain FastAPI + SQLAlchemy service: token, scope, one row by its key, JSON."""

import base64
import os
import uuid
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta, timezone

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEY = base64.b64decode(os.environ["BENCH_KEY"])
BANK_ZONE = timezone(timedelta(hours=8))

engine = create_async_engine(
    URL.create(
        "postgresql+asyncpg",
        username=os.environ["BENCH_USER"],
        database=os.environ["BENCH_DATABASE"],
        query={"host": os.environ["BENCH_SOCKET"]},
    ),
    pool_size=8,
    max_overflow=0,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class CardholderRow(Base):
    __tablename__ = "cardholders"

    cardholder_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_no: Mapped[str]
    name: Mapped[str | None]
    name_pinyin: Mapped[str | None]
    name_initials: Mapped[str | None]
    gender: Mapped[str | None]
    birth_on: Mapped[date | None]
    stated_age_years: Mapped[int | None]
    stated_age_on: Mapped[date | None]
    id_kind: Mapped[str | None]
    national_id_masked: Mapped[str | None]
    nationality: Mapped[str | None]
    occupation: Mapped[str | None]
    employer: Mapped[str | None]
    education: Mapped[str | None]
    marital_status: Mapped[str | None]
    yearly_income_minor: Mapped[int | None]
    yearly_income_currency: Mapped[str | None]
    branch_id: Mapped[uuid.UUID]
    manager_id: Mapped[uuid.UUID | None]
    lifecycle: Mapped[str]
    lifecycle_reason: Mapped[str | None]
    opened_on: Mapped[date]
    source: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def age_years(self) -> int | None:
        if self.birth_on is None:
            return None
        today = datetime.now(BANK_ZONE).date()
        is_before = (today.month, today.day) < (self.birth_on.month, self.birth_on.day)
        return today.year - self.birth_on.year - is_before

    @property
    def branch_name(self) -> str | None:
        return branches.get(self.branch_id)

    @property
    def manager_name(self) -> str | None:
        member = staff.get(self.manager_id)
        return member.name if member else None

    @property
    def withheld(self) -> list[str]:
        return []


class Cardholder(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    cardholder_id: uuid.UUID
    customer_no: str
    name: str | None
    name_pinyin: str | None
    name_initials: str | None
    gender: str | None
    birth_on: date | None
    age_years: int | None
    stated_age_years: int | None
    stated_age_on: date | None
    id_kind: str | None
    national_id_masked: str | None
    nationality: str | None
    occupation: str | None
    employer: str | None
    education: str | None
    marital_status: str | None
    yearly_income_minor: int | None
    yearly_income_currency: str | None
    branch_id: uuid.UUID
    branch_name: str | None
    manager_id: uuid.UUID | None
    manager_name: str | None
    lifecycle: str
    lifecycle_reason: str | None
    opened_on: date
    source: str
    version: int
    created_at: datetime
    updated_at: datetime
    withheld: list[str]


# Read once, as the measured service does.
branches: dict[uuid.UUID, str] = {}
staff: dict = {}


@asynccontextmanager
async def lifespan(_: FastAPI):
    async with new_session() as session:
        rows = await session.execute(text("SELECT branch_id, name FROM branches"))
        branches.update({row.branch_id: row.name for row in rows})
        rows = await session.execute(text("SELECT staff_id, name, scope, branch_id, is_active FROM staff"))
        staff.update({row.staff_id: row for row in rows})
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
bearer = HTTPBearer()


async def caller(credentials: HTTPAuthorizationCredentials = Depends(bearer)):
    try:
        claims = jwt.decode(
            credentials.credentials, KEY, algorithms=["HS256"], audience="cardea-staff", issuer="cardea"
        )
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error
    member = staff.get(uuid.UUID(claims["sub"]))
    if member is None or not member.is_active:
        raise HTTPException(401)
    return member


async def session():
    async with new_session() as opened:
        yield opened


@app.get("/api/v1/cardholders/{cardholder_id}", response_model=Cardholder)
async def get_cardholder(
    cardholder_id: uuid.UUID, member=Depends(caller), opened: AsyncSession = Depends(session)
):
    row = await opened.get(CardholderRow, cardholder_id)
    if row is None or (member.scope != "bank" and row.branch_id != member.branch_id):
        raise HTTPException(404)
    return row
