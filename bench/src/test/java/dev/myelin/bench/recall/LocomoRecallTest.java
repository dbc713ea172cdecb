package dev.myelin.bench.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LocomoRecallTest {
  private static final String CONVERSATIONS =
      """
      [{
        "sample_id": "Conv-1",
        "conversation": {
          "speaker_a": "Ana", "speaker_b": "Ben",
          "session_1_date_time": "1:56 pm on 8 May, 2026",
          "session_1": [
            {"speaker": "Ana", "dia_id": "D1:1", "text": "Our ferry to the island leaves at noon."},
            {"speaker": "Ben", "dia_id": "D1:2", "text": "Look!", "blip_caption": "a grey kitten"}
          ],
          "session_3_date_time": "10:05 am on 12 June, 2026",
          "session_3": [
            {"speaker": "Ana", "dia_id": "D3:1", "text": "The shop sold nine percent more."}
          ]
        },
        "qa": [
          {"question": "When does the boat go?", "evidence": ["D1:1"], "category": 1},
          {"question": "Who showed a cat?", "evidence": ["D1:2; D9:9"], "category": 1},
          {"question": "What was sold in June?", "evidence": ["D3:1"], "category": 1},
          {"question": "Is there no evidence?", "evidence": [], "category": 5}
        ]
      }]
      """;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("conversations.json"), CONVERSATIONS);
  }

  @Test
  void readsTurnsAndTheQuestionsThatHaveEvidence() throws IOException {
    Locomo.Conversation conversation = Locomo.read(file).getFirst();
    assertThat(conversation.id()).isEqualTo("conv-1");
    assertThat(conversation.turns())
        .contains(
            new Locomo.Turn(
                "D1:2", Instant.parse("2026-05-08T13:56:00Z"), "Ben: Look! a grey kitten"))
        .hasSize(3);
    assertThat(conversation.questions().stream().map(Locomo.Question::evidence))
        .isEqualTo(List.of(Set.of("D1:1"), Set.of("D1:2"), Set.of("D3:1")));
  }

  @Test
  void printsTheShareOfEvidenceThatIsRecalled() {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new RecallBench())
            .setOut(new PrintWriter(out, true))
            .execute("--locomo", file.toString(), "--top", "1");
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("1 conversations, 3 turns, 3 questions")
        .containsPattern("words only +0\\.333 +0\\.333")
        .containsPattern("Myelin's default +1\\.000 +1\\.000");
  }
}
