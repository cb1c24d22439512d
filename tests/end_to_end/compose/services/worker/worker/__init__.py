import pandas
from flask import Flask

application = Flask(__name__)


def report():
    tasks = pandas.DataFrame({"task": ["send-mail", "resize-image", "send-mail"], "seconds": [1, 5, 3]})
    return tasks.groupby("task")["seconds"].sum().to_dict()


@application.get("/health")
def health():
    return {"service": "worker", "seconds": report()}
