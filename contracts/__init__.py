"""The published language: event types, value types and rule-document ids. Knows no Kafka, SQL or HTTP."""
