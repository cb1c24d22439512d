from worker import report

print("worker", report())
