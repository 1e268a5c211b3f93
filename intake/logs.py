"""One way to log: our own events as JSON lines; of libraries only where they spoke, never what they said."""

import logging
import sys
from types import TracebackType
from typing import TextIO

import structlog
from structlog.stdlib import BoundLogger
from structlog.typing import EventDict, Processor, WrappedLogger


def configure_logs(stream: TextIO = sys.stderr) -> None:
    """Send every log record of the process to `stream`, one JSON object a line.

    Libraries put addresses, request lines and texts into their messages and exceptions: of theirs only level, logger,
    place and the exception's type are kept.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _silence_library],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("bridges", "intake"):
        logging.getLogger(ours).setLevel(logging.INFO)


def log(name: str) -> BoundLogger:
    """The logger of a module. Say ids, counts, durations and types of exceptions with it, nothing else."""
    logger: BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def _name_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep an exception's type and drop the rest: messages and tracebacks quote values."""
    raised = event.pop("exc_info", None)
    record = event.get("_record")
    if record is not None:
        raised = record.exc_info or raised
        record.exc_info = record.exc_text = record.stack_info = None
    kind = _exception_type(raised)
    if kind is not None:
        event["exception"] = kind.__name__
    return event


def _exception_type(raised: object) -> type[BaseException] | None:
    if isinstance(raised, BaseException):
        return type(raised)
    if isinstance(raised, tuple) and raised and isinstance(raised[0], type):
        return raised[0]
    return sys.exc_info()[0] if raised is True else None


def _silence_library(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    event["event"] = "a library spoke"
    event["place"] = f"{record.module}:{record.lineno}"
    record.args = ()
    return event


def log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook`: a crash names its type and the place in our code, not its words."""
    del error
    place = trace
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f"{place.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{place.tb_lineno}"
    log("intake").critical("crashed", exception=kind.__name__, place=where)
