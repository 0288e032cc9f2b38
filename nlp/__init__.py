"""clausedex: a searchable index of provisions on cooperation with federal immigration enforcement."""

__version__ = "0.1.0"
