"""When things run: a table of function and interval. APScheduler is a clock only; what is due lies in rows."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from intake import upkeep
from intake.arrival.take import deliver_late_parts
from intake.logs import log
from intake.nudging.sweep import sweep
from intake.nudging.watch import beat, watch
from intake.outbox.expiry import forget_passing
from intake.service import Service

_LOG = log(__name__)
Job = Callable[[Service, datetime], Awaitable[object]]

SWEEP_EVERY = timedelta(seconds=30)

TABLE: Mapping[Job, timedelta] = {
    deliver_late_parts: timedelta(seconds=30),
    forget_passing: timedelta(minutes=1),
    sweep: SWEEP_EVERY,
    watch: timedelta(minutes=1),
    beat: timedelta(minutes=5),
    upkeep.tidy: timedelta(minutes=10),
    upkeep.delete_due: timedelta(minutes=15),
    upkeep.copy_journal: timedelta(minutes=1),
    upkeep.fold_numbers: timedelta(minutes=10),
    upkeep.warn_of_silence: timedelta(hours=6),
}


def start_clock(service: Service) -> AsyncIOScheduler:
    """Run every job of the table at its interval; a run that is late runs once, one still under way is not doubled."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job, interval in TABLE.items():
        scheduler.add_job(
            _run, "interval", (service, job), seconds=interval.total_seconds(), coalesce=True, max_instances=1
        )
    scheduler.start()
    return scheduler


async def _run(service: Service, job: Job) -> None:
    try:
        await job(service, service.clock())
    except Exception as error:  # noqa: BLE001 (one failed run must not stop the clock; the next finds the same rows)
        _LOG.error("job failed", job=job.__name__, exception=type(error).__name__)
