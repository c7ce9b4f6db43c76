"""The phone's JSON addresses: enrolment and sync calls, batched and answered."""
