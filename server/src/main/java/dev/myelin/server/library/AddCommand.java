package dev.myelin.server.library;

import dev.myelin.client.library.LibraryClient;
import dev.myelin.server.extract.FileKind;
import dev.myelin.server.shell.Complaints;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.ProgressBar;
import dev.myelin.server.shell.Terminal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `myelin add`.
@Command(
    name = "add",
    description = {
      "Adds files to a library: each becomes a document, durable and found at once.",
      "",
      "Text, Markdown, HTML and PDF are read; JSON Lines hold a document on each line, as the"
          + " server takes them (title, text or texts, id, author, tags, metadata). What sort of"
          + " file it is, is seen by its name, then by how it begins. The title is the document's"
          + " own, or else the file's name. A file that cannot be read is named, and the others go"
          + " on."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin library create papers",
      "  myelin add --library papers report.pdf notes.md",
      "  myelin add --library papers --recursive docs --stable-ids",
      "  curl -s https://example.org | myelin add --library papers - --title Example",
      "  myelin add --library papers documents.jsonl",
      "",
      "Exit codes: 0 all added, 1 something was left out, 2 wrong usage."
    })
public final class AddCommand extends LibraryTask {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files and, with --recursive, folders; - for standard input.")
  private List<String> files = List.of();

  @Option(
      names = {"-l", "--library"},
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The library, which must be there. Default: ${DEFAULT-VALUE}.")
  private String library = "";

  @Option(
      names = {"-r", "--recursive"},
      description = "Read folders, and those in them; what is hidden or no text is passed over.")
  private boolean recursive;

  @Option(
      names = "--stable-ids",
      description = "Make ids of the paths: a file that is added again updates its document.")
  private boolean stableIds;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "What the files are: text, markdown, html, jsonl or pdf. Default: look.")
  private @Nullable FileKind kind;

  @Option(names = "--title", paramLabel = "TEXT", description = "The title, of a single file.")
  private @Nullable String title;

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "TAG",
      description = "A tag for all of them; may be given again.")
  private List<String> tags = List.of();

  @Option(
      names = "--defer-embedding",
      description = "Be faster: they are found by their words at once, by their meaning later.")
  private boolean deferEmbedding;

  AddCommand() {}

  @Override
  protected int run(LibraryClient client) {
    if (title != null && (files.size() > 1 || recursive)) {
      throw new ParameterException(
          spec().commandLine(), "--title: there are several files (expected: one)");
    }
    var _ = client.libraries().get(library); // says at once if there is no server, or no library
    boolean[] wrong = {false};
    List<Input> inputs =
        new Inputs(
                recursive,
                (name, reason) -> {
                  wrong[0] = true;
                  Complaints.say(err(), name + ": " + reason);
                })
            .find(files);
    boolean known = !inputs.contains(Input.STANDARD);
    Adding adding =
        new Adding(
            client.documents(library),
            new ProgressBar(err(), Terminal.detect(), "added"),
            known ? inputs.stream().mapToLong(Input::bytes).sum() : 0);
    try {
      adding.add(inputs, new Intake.Options(kind, title, tags, stableIds, deferEmbedding));
    } finally {
      out().println(adding.summary(library));
    }
    return adding.isClean() && !wrong[0] ? OK : FAILED;
  }
}
