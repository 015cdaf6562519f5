import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    import toysup

    return mo, toysup


@app.cell
def _(mo):
    features = mo.ui.slider(4, 7, value=5, label="features in two dimensions")
    features
    return (features,)


@app.cell
def _(features, toysup):
    run = f"runs/marimo-{features.value}"
    rows = toysup.sweep(
        {
            "title": f"{features.value} features in two dimensions",
            "question": "Do both objectives make a polygon?",
            "seeds": 6,
            "model": {"n_features": features.value, "d_hidden": 2},
            "train": {"steps": 1000, "batch_size": 256, "learning_rate": 0.01},
            "features": {"independent": {"feature_probability": 0.1}},
            "views": {"identity": {}},
            "objective": {"mse": {}, "infonce": {"temperature": [0.1, 0.5]}},
        },
        out=run,
    )
    return rows, run


@app.cell
def _(rows):
    rows.groupby(["objective", "temperature"])["minimisation_index"].median()
    return


@app.cell
def _(run, toysup):
    report = toysup.report(run)
    report
    return (report,)


@app.cell
def _(report):
    report.answer
    return


if __name__ == "__main__":
    app.run()
