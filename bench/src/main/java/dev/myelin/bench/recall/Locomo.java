package dev.myelin.bench.recall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Long conversations with questions whose evidence is known: LoCoMo (Maharana et al., ACL 2024).
final class Locomo {
  private static final Pattern EVIDENCE = Pattern.compile("D\\d+:\\d+");
  private static final DateTimeFormatter SESSION_TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("h:mm a 'on' d MMMM, uuuu")
          .toFormatter(Locale.ENGLISH);

  /// One conversation.
  record Conversation(String id, List<Turn> turns, List<Question> questions) {
    Conversation {
      turns = List.copyOf(turns);
      questions = List.copyOf(questions);
    }
  }

  /// Something that was said.
  ///
  /// @param id its name in the evidence of questions
  /// @param text who said it, what, and what a shared picture shows
  record Turn(String id, Instant when, String text) {}

  /// A question whose answer was said.
  ///
  /// @param evidence the turns that hold the answer, at least one
  record Question(String text, Set<String> evidence) {
    Question {
      evidence = Set.copyOf(evidence);
    }
  }

  private Locomo() {}

  /// Reads the data set's JSON file; questions without evidence are left out.
  static List<Conversation> read(Path file) throws IOException {
    List<Conversation> conversations = new ArrayList<>();
    for (JsonNode sample : new ObjectMapper().readTree(file.toFile())) {
      List<Turn> turns = turns(sample.path("conversation"));
      conversations.add(
          new Conversation(
              sample.path("sample_id").asText().toLowerCase(Locale.ROOT),
              turns,
              questions(sample.path("qa"), turns)));
    }
    return conversations;
  }

  private static List<Turn> turns(JsonNode conversation) {
    List<Turn> turns = new ArrayList<>();
    int sessions = conversation.properties().size();
    for (int i = 1; i <= sessions; i++) {
      JsonNode session = conversation.path("session_" + i);
      if (!session.isEmpty()) {
        String time = conversation.path("session_" + i + "_date_time").asText();
        Instant when = LocalDateTime.parse(time, SESSION_TIME).toInstant(ZoneOffset.UTC);
        session.forEach(turn -> turns.add(turn(turn, when)));
      }
    }
    return turns;
  }

  private static Turn turn(JsonNode turn, Instant when) {
    String said = turn.path("speaker").asText() + ": " + turn.path("text").asText();
    String caption = turn.path("blip_caption").asText();
    return new Turn(
        turn.path("dia_id").asText(), when, caption.isEmpty() ? said : said + " " + caption);
  }

  private static List<Question> questions(JsonNode questions, List<Turn> turns) {
    Set<String> known = new LinkedHashSet<>();
    turns.forEach(turn -> known.add(turn.id()));
    List<Question> kept = new ArrayList<>();
    for (JsonNode question : questions) {
      Set<String> evidence = new LinkedHashSet<>();
      for (JsonNode entry : question.path("evidence")) {
        Matcher ids = EVIDENCE.matcher(entry.asText());
        while (ids.find()) {
          evidence.add(ids.group());
        }
      }
      evidence.retainAll(known);
      if (!evidence.isEmpty()) {
        kept.add(new Question(question.path("question").asText(), evidence));
      }
    }
    return kept;
  }
}
