package dev.myelin.server.library;

import dev.myelin.client.job.Job;
import dev.myelin.client.job.JobStatus;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.Listing;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myelin jobs`.
@Command(
    name = "jobs",
    description = "Shows and cancels what a server does in the background.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list | show | cancel",
    subcommands = {JobsCommand.ListAll.class, JobsCommand.Show.class, JobsCommand.Cancel.class},
    footerHeading = "%nExamples:%n",
    footer = {"  myelin jobs list", "  myelin jobs show JOB_ID", "  myelin jobs cancel JOB_ID"})
public final class JobsCommand implements Runnable {
  @Spec private CommandSpec spec;

  JobsCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about jobs? (expected: list, show or cancel)");
  }

  /// `myelin jobs list`.
  @Command(
      name = "list",
      description = "Lists jobs, newest first.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {
        "  myelin jobs list --status running",
        "  myelin jobs list --library papers --json | jq -r .job_id"
      })
  static final class ListAll extends LibraryTask {
    private static final int MOST = 100;

    private static final Listing<Job> LISTING =
        new Listing<>(
            "There is no such job.",
            List.of("JOB", "TYPE", "STATUS", "DONE", "BEGUN", "MESSAGE", "LIBRARY"),
            5,
            job ->
                List.of(
                    job.id(),
                    job.type(),
                    job.status().word(),
                    done(job),
                    Times.minute(job.times().startedAt()),
                    TextTable.flat(job.error() == null ? job.progress().message() : job.error()),
                    job.libraryId() == null ? "-" : job.libraryId()),
            JobsCommand::fields);

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "pending, running, completed, failed or cancelled. Default: all.")
    private @Nullable JobStatus status;

    @Option(names = "--library", paramLabel = "NAME", description = "Only those of this library.")
    private @Nullable String library;

    @Option(
        names = {"-n", "--limit"},
        paramLabel = "N",
        defaultValue = "" + MOST,
        description = "How many at most. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "One JSON object on a line for each job.")
    private boolean json;

    ListAll() {}

    @Override
    protected int run(LibraryClient client) {
      if (limit < 1) {
        throw new ParameterException(
            spec().commandLine(), "--limit: " + limit + " (expected: 1 or more)");
      }
      List<Job> jobs = client.jobs().list(status, library).stream().limit(limit).toList();
      LISTING.print(jobs, json, out());
      return OK;
    }
  }

  /// `myelin jobs show`.
  @Command(
      name = "show",
      description = "Shows a job and what came of it.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin jobs show JOB_ID --json | jq .result")
  static final class Show extends LibraryTask {
    @Parameters(paramLabel = "JOB_ID", description = "Its id, as list shows it.")
    private String id = "";

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    Show() {}

    @Override
    protected int run(LibraryClient client) {
      Job job = client.jobs().get(id);
      if (json) {
        out().println(fields(job));
        return OK;
      }
      out().println(job.type() + " " + job.id() + ": " + job.status().word());
      line("library", job.libraryId());
      line("asked for", Times.minute(job.times().createdAt()));
      line("begun", Times.minute(job.times().startedAt()));
      line("over", Times.minute(job.times().completedAt()));
      line("done", done(job) + "  " + TextTable.flat(job.progress().message()));
      line("error", job.error() == null ? null : TextTable.flat(job.error()));
      job.result().forEach((name, value) -> line(name, TextTable.flat(String.valueOf(value))));
      return OK;
    }

    private void line(String name, @Nullable String value) {
      if (value != null) {
        out().println(String.format(Locale.ROOT, "  %-12s %s", name, value).stripTrailing());
      }
    }
  }

  /// `myelin jobs cancel`.
  @Command(
      name = "cancel",
      description = "Ends jobs: nothing more is done for them, and what was done stays.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin jobs cancel JOB_ID")
  static final class Cancel extends LibraryTask {
    @Parameters(arity = "1..*", paramLabel = "JOB_ID", description = "Ids, as list shows them.")
    private List<String> ids = List.of();

    Cancel() {}

    @Override
    protected int run(LibraryClient client) {
      for (String id : ids) {
        Job job = client.jobs().cancel(id);
        out().println("Job " + TextTable.flat(id) + " is " + job.status().word() + ".");
      }
      return OK;
    }
  }

  private static String done(Job job) {
    return String.format(Locale.ROOT, "%.0f%%", job.progress().percentage());
  }

  private static JsonLine fields(Job job) {
    return new JsonLine()
        .put("job_id", job.id())
        .put("job_type", job.type())
        .put("status", job.status().word())
        .put("library_id", job.libraryId())
        .put("created_at", job.times().createdAt())
        .put("started_at", job.times().startedAt())
        .put("completed_at", job.times().completedAt())
        .put("percentage", (float) job.progress().percentage())
        .put("message", job.progress().message())
        .put("error", job.error())
        .put("retries", job.retries())
        .putAny("result", job.result());
  }
}
