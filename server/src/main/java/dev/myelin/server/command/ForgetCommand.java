package dev.myelin.server.command;

import dev.myelin.client.MyelinClient;
import dev.myelin.client.model.ForgetMode;
import dev.myelin.server.shell.Confirmation;
import dev.myelin.server.shell.TextTable;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `myelin forget`.
@Command(
    name = "forget",
    description = "Forgets memories by their ids: for good, or until they are restored.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin forget note-17                 asks, then deletes it for good",
      "  myelin forget note-17 --suppress      hides it from recall",
      "  myelin forget note-17 --restore       brings it back"
    })
public final class ForgetCommand extends ClientCommand {
  @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids, as recall shows them.")
  private List<String> ids = List.of();

  @Mixin private SpaceOption space;

  @ArgGroup private Mode mode = new Mode();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before something is deleted for good.")
  private boolean yes;

  ForgetCommand() {}

  /// How to forget.
  static final class Mode {
    @Option(names = "--suppress", description = "Only hide them: can be taken back.")
    private boolean suppress;

    @Option(names = "--restore", description = "Take a suppression back.")
    private boolean restore;

    Mode() {}

    ForgetMode value() {
      return suppress ? ForgetMode.SUPPRESS : restore ? ForgetMode.RESTORE : ForgetMode.DELETE;
    }
  }

  @Override
  int run(MyelinClient client) throws IOException {
    ForgetMode how = mode.value();
    if (how == ForgetMode.DELETE && !yes && !confirmed()) {
      complain("Nothing was forgotten.");
      return FAILED;
    }
    int missing = 0;
    for (String id : ids) {
      int affected = join(client.forget(space.name(), id, how));
      if (affected == 0) {
        missing++;
        complain(
            "There is no "
                + (how == ForgetMode.RESTORE ? "suppressed " : "")
                + "memory named "
                + TextTable.flat(id)
                + " in space "
                + space.name()
                + ".");
      } else {
        out().println(TextTable.flat(id) + " " + done(how));
      }
    }
    out().flush();
    return missing == 0 ? OK : FAILED;
  }

  private static String done(ForgetMode how) {
    return switch (how) {
      case DELETE -> "is forgotten for good";
      case SUPPRESS -> "is hidden";
      case RESTORE -> "is back";
    };
  }

  private boolean confirmed() throws IOException {
    String what = ids.size() == 1 ? TextTable.flat(ids.getFirst()) : ids.size() + " memories";
    return Confirmation.ask(
        spec(),
        "Forget " + what + " in space " + space.name() + " for good?",
        "--yes, or --suppress");
  }
}
