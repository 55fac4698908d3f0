import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Reporting's fold of members, meetings and tasks in Kafka Streams, as far as streams.py compares it.
 *
 * <p>Members are signed sums by their day and all that they are told apart by; a meeting or task is the latest state
 * by its id, as JSON. Stores are RocksDB's with their changelogs, and each event is applied exactly once. What was
 * known at an instant is not kept. The one argument is a JSON object with the topics, the number of events to wait
 * for, and the days and years to answer; the answers are printed as one line of JSON.
 */
public final class Fold {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] PROFILE = {
        "gender", "ethnic_minority", "religious", "youth_union", "standing", "birth_date", "education",
        "qualification", "theory", "occupation"
    };
    private static final int BORN = 5;
    private static final String[] SUMS = {
        "held", "thematic", "counted", "present", "excused", "unexcused", "opinions", "resolutions", "approved",
        "reported_up", "self", "official"
    };
    private static final AtomicLong SEEN = new AtomicLong();
    private static final AtomicLong BEGAN = new AtomicLong();
    private static final CountDownLatch OVER = new CountDownLatch(1);

    private Fold() {}

    /** What both folds have in common: the type of each event, and the count of all. */
    private abstract static class Events implements Processor<String, byte[], Void, Void> {
        private final long expected;

        Events(long expected) {
            this.expected = expected;
        }

        @Override
        public void process(Record<String, byte[]> event) {
            BEGAN.compareAndSet(0, System.nanoTime());
            String type = new String(event.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
            try {
                fold(event.key(), type.substring(type.indexOf('.', 9) + 1, type.lastIndexOf('.')), event.value());
            } catch (java.io.IOException error) {
                throw new java.io.UncheckedIOException(error);
            }
            if (SEEN.incrementAndGet() == expected) {
                OVER.countDown();
            }
        }

        abstract void fold(String key, String type, byte[] value) throws java.io.IOException;
    }

    private static final class Members extends Events {
        private KeyValueStore<String, Integer> sums;

        Members(long expected) {
            super(expected);
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            sums = context.getStateStore("members");
        }

        @Override
        void fold(String key, String type, byte[] value) throws java.io.IOException {
            if (!type.startsWith("member-")) {
                return;
            }
            JsonNode event = JSON.readTree(value);
            String day = event.get("effective_date").asText();
            add(day, event.path("before"), -1);
            add(day, event.path("after"), 1);
        }

        private void add(String day, JsonNode side, int change) {
            if (!side.isObject()) {
                return;
            }
            StringBuilder key = new StringBuilder(day);
            for (String name : PROFILE) {
                JsonNode value = side.path(name);
                key.append('|').append(value.isValueNode() && !value.isNull() ? value.asText() : "unstated");
            }
            Integer before = sums.get(key.toString());
            sums.put(key.toString(), (before == null ? 0 : before) + change);
        }
    }

    private static final class Meetings extends Events {
        private KeyValueStore<String, byte[]> meetings;
        private KeyValueStore<String, byte[]> tasks;

        Meetings(long expected) {
            super(expected);
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            meetings = context.getStateStore("meetings");
            tasks = context.getStateStore("tasks");
        }

        @Override
        void fold(String key, String type, byte[] value) throws java.io.IOException {
            switch (type) {
                case "task-assigned", "task-reported", "task-evaluated" -> task(key, JSON.readTree(value));
                case "meeting-planned", "meeting-rescheduled", "meeting-postponed", "meeting-cancelled",
                        "meeting-held", "meeting-scored", "proceedings-recorded", "resolution-adopted",
                        "minutes-approved", "meeting-reported-up" -> meeting(key, type, JSON.readTree(value));
                default -> { }
            }
        }

        private void task(String key, JsonNode event) throws java.io.IOException {
            ObjectNode state = JSON.createObjectNode();
            state.set("cell_id", event.get("cell_id"));
            state.setAll((ObjectNode) event.get("after"));
            state.remove("member_id");
            tasks.put(key, JSON.writeValueAsBytes(state));
        }

        private void meeting(String key, String type, JsonNode event) throws java.io.IOException {
            byte[] before = meetings.get(key);
            ObjectNode state = before == null ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(before);
            switch (type) {
                case "meeting-planned", "meeting-rescheduled" -> plan(state, event.get("after"), "planned");
                case "meeting-postponed" -> plan(state, event.get("after"), "postponed");
                case "meeting-cancelled" -> plan(state, event.get("before"), "cancelled");
                case "meeting-held" -> {
                    plan(state, event.get("plan"), "held");
                    state.setAll((ObjectNode) event.get("attendance"));
                    state.set("minutes", event.get("minutes"));
                    state.put("held", 1);
                    state.put("thematic", event.get("plan").get("thematic").asBoolean() ? 1 : 0);
                }
                case "meeting-scored" -> {
                    state.put(event.get("kind").asText(), 1);
                    state.set(event.get("kind").asText() + "_points", event.get("total"));
                    state.set(event.get("kind").asText() + "_grade", event.get("grade"));
                }
                case "proceedings-recorded" -> state.set("opinions", event.get("after").get("opinions"));
                case "resolution-adopted" -> add(state, "resolutions");
                case "minutes-approved" -> add(state, "approved");
                default -> add(state, "reported_up");
            }
            meetings.put(key, JSON.writeValueAsBytes(state));
        }

        private static void plan(ObjectNode state, JsonNode plan, String status) {
            for (String name : new String[] {"cell_id", "month", "kind", "starts_at"}) {
                state.set(name, plan.get(name));
            }
            state.put("status", status);
        }

        private static void add(ObjectNode state, String name) {
            state.put(name, state.path(name).asInt(0) + 1);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().start(Fold::endWithParent);
        JsonNode asked = JSON.readTree(arguments[0]);
        long expected = asked.get("events").asLong();
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench.fold");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, asked.get("bootstrap").asText());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, asked.get("state").asText());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Runtime.getRuntime().availableProcessors());
        settings.put(StreamsConfig.producerPrefix("compression.type"), "zstd");
        try (KafkaStreams streams = new KafkaStreams(topology(asked, expected), settings)) {
            streams.setUncaughtExceptionHandler(error -> {
                error.printStackTrace();
                Runtime.getRuntime().halt(1);
                return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams.start();
            OVER.await();
            double seconds = (System.nanoTime() - BEGAN.get()) / 1e9;
            ObjectNode answer = JSON.createObjectNode();
            answer.put("seconds", seconds);
            answer(streams, asked, answer);
            System.out.println(JSON.writeValueAsString(answer));
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) { }
        } catch (java.io.IOException ignored) {
            // closed is what is waited for
        }
        Runtime.getRuntime().halt(1);
    }

    private static Topology topology(JsonNode asked, long expected) {
        var text = Serdes.String();
        Topology topology = new Topology();
        topology.addSource("membership", text.deserializer(), Serdes.ByteArray().deserializer(),
                asked.get("membership").asText());
        topology.addProcessor("fold-members", () -> new Members(expected), "membership");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("members"), text, Serdes.Integer())
                        .withCachingEnabled(),
                "fold-members");
        topology.addSource("meetings-events", text.deserializer(), Serdes.ByteArray().deserializer(),
                asked.get("meetings").asText());
        topology.addProcessor("fold-meetings", () -> new Meetings(expected), "meetings-events");
        for (String name : new String[] {"meetings", "tasks"}) {
            topology.addStateStore(
                    Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), text, Serdes.ByteArray())
                            .withCachingEnabled(),
                    "fold-meetings");
        }
        return topology;
    }

    private static void answer(KafkaStreams streams, JsonNode asked, ObjectNode answer) throws java.io.IOException {
        ReadOnlyKeyValueStore<String, Integer> members = streams.store(
                StoreQueryParameters.fromNameAndType("members", QueryableStoreTypes.keyValueStore()));
        ReadOnlyKeyValueStore<String, byte[]> meetings = streams.store(
                StoreQueryParameters.fromNameAndType("meetings", QueryableStoreTypes.keyValueStore()));
        for (JsonNode day : asked.get("days")) {
            long began = System.nanoTime();
            ArrayNode rows = membersOf(members, day.asText(), asked.get("bands"));
            answer.withArray("members_ms").add((System.nanoTime() - began) / 1e6);
            answer.withArray("members").add(rows);
        }
        for (JsonNode year : asked.get("years")) {
            long began = System.nanoTime();
            ArrayNode rows = meetingsOf(meetings, year.get(0).asText(), year.get(1).asText());
            answer.withArray("meetings_ms").add((System.nanoTime() - began) / 1e6);
            answer.withArray("meetings").add(rows);
        }
    }

    private static ArrayNode membersOf(ReadOnlyKeyValueStore<String, Integer> members, String text, JsonNode bands) {
        LocalDate day = LocalDate.parse(text);
        Map<String, Integer> sums = new HashMap<>();
        try (var all = members.range("0", text + "~")) {
            while (all.hasNext()) {
                var one = all.next();
                String[] parts = one.key.split("\\|");
                long age = ChronoUnit.YEARS.between(LocalDate.parse(parts[BORN + 1]), day);
                String label = bands.get(0).get(0).asText();
                for (JsonNode band : bands) {
                    label = band.get(1).asInt() <= age ? band.get(0).asText() : label;
                }
                parts[BORN + 1] = label;
                sums.merge(String.join("|", Arrays.copyOfRange(parts, 1, parts.length)), one.value, Integer::sum);
            }
        }
        ArrayNode rows = JSON.createArrayNode();
        sums.forEach((key, count) -> {
            ArrayNode row = rows.addArray();
            for (String part : key.split("\\|")) {
                row.add(part);
            }
            row.add(count);
        });
        return rows;
    }

    private static ArrayNode meetingsOf(ReadOnlyKeyValueStore<String, byte[]> meetings, String first, String last)
            throws java.io.IOException {
        Map<String, long[]> sums = new HashMap<>();
        try (var all = meetings.all()) {
            while (all.hasNext()) {
                JsonNode one = JSON.readTree(all.next().value);
                String month = one.get("month").asText();
                if (!one.has("held") || month.compareTo(first) < 0 || month.compareTo(last) > 0) {
                    continue;
                }
                String key = month.substring(0, 7) + "|" + one.get("kind").asText();
                long[] row = sums.computeIfAbsent(key, unused -> new long[SUMS.length]);
                for (int place = 0; place < SUMS.length; place++) {
                    row[place] += one.path(SUMS[place]).asInt(0);
                }
            }
        }
        ArrayNode rows = JSON.createArrayNode();
        sums.forEach((key, its) -> {
            ArrayNode row = rows.addArray();
            for (String part : key.split("\\|")) {
                row.add(part);
            }
            for (long sum : its) {
                row.add(sum);
            }
        });
        return rows;
    }
}
