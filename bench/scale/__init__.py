"""How reporting grows with the history: a made-up province, replayed and asked at half of its years and at all."""
