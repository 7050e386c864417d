"""Everything that can fail, as one tree.

::

    TrackerError                 exit code 1
    ├── UsageError               2   the call itself is wrong
    │   ├── UnknownNameError         a name that no registry knows (near names are offered)
    │   ├── ParameterError           a parameter outside its range, or unknown
    │   └── TargetExistsError        the target exists and --force was not given
    ├── InputError               3   the data given to us is bad
    │   ├── UnknownFormatError       no format recognises the file
    │   ├── EmptyInputError          a file, folder or pattern with nothing usable in it
    │   ├── CorruptInputError        truncated, undecodable, or not what it claims to be
    │   ├── MissingColumnError       a table lacks columns it must have
    │   └── MissingTimeError         positions without any absolute time
    ├── CaseError                1   the case folder
    │   ├── NotACaseError            the folder holds no case
    │   ├── NewerCaseError           written by a newer version
    │   └── LockedCaseError          another process is writing
    ├── StorageError             1   disk full, no permission, unwritable target
    └── DataFileError            1   a packaged data file is missing or damaged

A message is one or two lines and says what, where, how many, the first one, and the way out.
"""


class TrackerError(Exception):
    """Base of every error that `tracker` raises on purpose; ``exit_code`` is what the command line returns."""

    exit_code = 1


class UsageError(TrackerError):
    """The call itself is wrong."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that no registry or list knows."""


class ParameterError(UsageError):
    """A parameter that is unknown or outside its range."""


class TargetExistsError(UsageError):
    """The target exists already and overwriting was not asked for."""


class InputError(TrackerError):
    """The data that was given is bad."""

    exit_code = 3


class UnknownFormatError(InputError):
    """No format recognises the input."""


class EmptyInputError(InputError):
    """Nothing usable in the input."""


class CorruptInputError(InputError):
    """Truncated, undecodable, or not what it claims to be."""


class MissingColumnError(InputError):
    """A table lacks columns that it must have."""


class MissingTimeError(InputError):
    """Positions without any absolute time."""


class CaseError(TrackerError):
    """Something is wrong with the case folder."""


class NotACaseError(CaseError):
    """The folder holds no case."""

    exit_code = 3


class NewerCaseError(CaseError):
    """The case was written by a newer version."""


class LockedCaseError(CaseError):
    """Another process is writing to the case."""


class StorageError(TrackerError):
    """The disk is full, the place is not writable, or permission is missing."""


class DataFileError(TrackerError):
    """A packaged data file is missing or damaged."""


class RunnerError(TrackerError):
    """Workers cannot be had, or died too often over one part."""
