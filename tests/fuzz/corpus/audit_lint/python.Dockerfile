FROM python:3.13-slim-trixie@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS build
COPY requirements.txt .
RUN pip install --target=/deps -r requirements.txt

FROM gcr.io/distroless/python3-debian13:nonroot@sha256:0000000000000000000000000000000000000000000000000000000000000001
COPY --from=build /deps /deps
COPY app /app
ENV PYTHONPATH=/deps
WORKDIR /app
CMD ["main.py"]
