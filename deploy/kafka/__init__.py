"""The two brokers the project runs on: Apache Kafka, and a small embedded one."""
