package dev.myelin.server.library;

import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.model.LibraryInfo;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.server.shell.Complaints;
import dev.myelin.server.shell.Confirmation;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.Listing;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myelin library`.
@Command(
    name = "library",
    description = "Makes, lists and deletes libraries of documents.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create | list | delete",
    subcommands = {
      LibraryCommand.Create.class,
      LibraryCommand.ListAll.class,
      LibraryCommand.Delete.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin library create papers",
      "  myelin library list",
      "  myelin library delete papers"
    })
public final class LibraryCommand implements Runnable {
  @Spec private CommandSpec spec;

  LibraryCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about libraries? (expected: create, list or delete)");
  }

  /// `myelin library create`.
  @Command(
      name = "create",
      description = "Makes a library.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {
        "  myelin library create papers",
        "  myelin library create papers --name \"Papers we read\" --description \"since 2020\""
      })
  static final class Create extends LibraryTask {
    @Parameters(paramLabel = "LIBRARY", description = "Its id: 3 to 64 of a-z, 0-9, _ and -.")
    private String id = "";

    @Option(names = "--name", paramLabel = "TEXT", description = "Its name. Default: the id.")
    private @Nullable String name;

    @Option(names = "--description", paramLabel = "TEXT", description = "What is in it.")
    private @Nullable String description;

    @Option(
        names = "--dimension",
        paramLabel = "N",
        defaultValue = "0",
        description = "Length of all embeddings. Default: that of the first.")
    private int dimension;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    Create() {}

    @Override
    protected int run(LibraryClient client) {
      NewLibrary wanted =
          NewLibrary.named(name == null ? id : name).withId(id).withDimension(dimension);
      LibraryInfo made =
          client
              .libraries()
              .create(description == null ? wanted : wanted.withDescription(description));
      out().println(json ? line(made) : "Library " + made.id() + " is made.");
      return OK;
    }
  }

  /// `myelin library list`.
  @Command(
      name = "list",
      description = "Lists the libraries of a server.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {"  myelin library list", "  myelin library list --json | jq -r .id"})
  static final class ListAll extends LibraryTask {
    private static final Listing<LibraryInfo> LISTING =
        new Listing<>(
            "There is no library yet. Make one: ./myelin library create NAME",
            List.of("LIBRARY", "NAME", "DOCUMENTS", "PASSAGES", "DIMENSION", "CHANGED"),
            1,
            library ->
                List.of(
                    library.id(),
                    TextTable.flat(library.name()),
                    String.format(Locale.ROOT, "%,d", library.documents()),
                    String.format(Locale.ROOT, "%,d", library.passages()),
                    library.dimension() == 0 ? "-" : Integer.toString(library.dimension()),
                    Times.minute(library.updatedAt())),
            LibraryCommand::line);

    @Option(names = "--json", description = "One JSON object on a line for each library.")
    private boolean json;

    ListAll() {}

    @Override
    protected int run(LibraryClient client) {
      LISTING.print(client.libraries().list().toList(), json, out());
      return OK;
    }
  }

  /// `myelin library delete`.
  @Command(
      name = "delete",
      description = "Deletes libraries with all their documents and memories, for good.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {
        "  myelin library delete papers          asks before",
        "  myelin library delete papers --yes"
      })
  static final class Delete extends LibraryTask {
    @Parameters(arity = "1..*", paramLabel = "LIBRARY", description = "Their ids.")
    private List<String> ids = List.of();

    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask.")
    private boolean yes;

    Delete() {}

    @Override
    protected int run(LibraryClient client) throws IOException {
      String what =
          ids.size() == 1 ? "library " + TextTable.flat(ids.getFirst()) : ids.size() + " libraries";
      if (!yes
          && !Confirmation.ask(
              spec(), "Delete " + what + " with all documents for good?", "--yes")) {
        Complaints.say(err(), "Nothing was deleted.");
        return FAILED;
      }
      for (String id : ids) {
        client.libraries().delete(id);
        out().println("Library " + TextTable.flat(id) + " is deleted.");
      }
      return OK;
    }
  }

  private static JsonLine line(LibraryInfo library) {
    return new JsonLine()
        .put("id", library.id())
        .put("name", library.name())
        .put("description", library.description())
        .put("num_documents", library.documents())
        .put("num_chunks", library.passages())
        .put("dimension", library.dimension())
        .put("created_at", library.createdAt())
        .put("updated_at", library.updatedAt())
        .putAny("metadata", library.metadata());
  }
}
