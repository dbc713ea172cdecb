package dev.myelin.library.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which lane may run next, so that neither a target nor a tenant takes what belongs to others.
///
/// **Targets.** At most so many turns run at one target, whoever's they are. **Tenants.** They take
/// turns, and one may begin another turn only while fewer of its own run than slots are free. So
/// one alone gets half of the slots, a second one half of what that leaves, and one that comes
/// later finds a free slot though the targets of the others hang. (Choudhury and Hahne, "Dynamic
/// queue length thresholds for shared-memory packet switches", 1998, with a factor of 1.)
///
/// Not safe for threads: `Turns` guards it.
final class Slots {
  private final WebhookConfig.InFlight bounds;
  private final Map<String, Target> targets = new HashMap<>();
  private final Map<String, Tenant> tenants = new HashMap<>();

  /// Tenants with open lines, the one whose turn it is first.
  private final ArrayDeque<Tenant> round = new ArrayDeque<>();

  private int running;

  Slots(WebhookConfig.InFlight bounds) {
    this.bounds = bounds;
  }

  private static final class Target {
    final String name;
    final List<Line> lines = new ArrayList<>();
    int running;

    Target(String name) {
      this.name = name;
    }
  }

  private static final class Tenant {
    final String name;
    final Map<String, Line> lines = new HashMap<>();
    final ArrayDeque<Line> open = new ArrayDeque<>();
    int running;

    Tenant(String name) {
      this.name = name;
    }
  }

  /// Lanes of one tenant that call one target and wait for a slot.
  private static final class Line {
    final Tenant tenant;
    final Target target;
    final ArrayDeque<Lane> ready = new ArrayDeque<>();
    boolean isOpen;

    Line(Tenant tenant, Target target) {
      this.tenant = tenant;
      this.target = target;
    }
  }

  /// A lane that has a slot, which must be given back.
  record Slot(Lane lane, String target) {}

  /// How many slots are taken.
  int running() {
    return running;
  }

  /// A lane waits for a slot.
  void add(Lane lane, String target) {
    Tenant tenant = tenants.computeIfAbsent(lane.id().library().tenant(), Tenant::new);
    Line line = tenant.lines.get(target);
    if (line == null) {
      line = new Line(tenant, targets.computeIfAbsent(target, Target::new));
      line.target.lines.add(line);
      tenant.lines.put(target, line);
    }
    line.ready.add(lane);
    open(line);
  }

  private void open(Line line) {
    if (!line.isOpen && !line.ready.isEmpty() && line.target.running < bounds.perTarget()) {
      line.isOpen = true;
      if (line.tenant.open.isEmpty()) {
        round.add(line.tenant);
      }
      line.tenant.open.add(line);
    }
  }

  /// Gives a slot to the lane whose turn it is; null if none may run now.
  @Nullable Slot next() {
    for (int left = round.size(); left > 0 && running < bounds.all(); left--) {
      Tenant tenant = round.remove();
      Line line = tenant.running < bounds.all() - running ? openLine(tenant) : null;
      if (line != null) {
        Slot slot = begin(line);
        rejoin(tenant);
        return slot;
      }
      rejoin(tenant);
    }
    return null;
  }

  private void rejoin(Tenant tenant) {
    if (!tenant.open.isEmpty()) {
      round.add(tenant);
    }
  }

  /// A line whose target has room. One that has none is opened again when it has.
  private @Nullable Line openLine(Tenant tenant) {
    Line line = tenant.open.poll();
    while (line != null) {
      line.isOpen = false;
      if (line.target.running < bounds.perTarget()) {
        return line;
      }
      line = tenant.open.poll();
    }
    return null;
  }

  private Slot begin(Line line) {
    Lane lane = line.ready.remove();
    running++;
    line.tenant.running++;
    line.target.running++;
    if (!line.ready.isEmpty() && line.target.running < bounds.perTarget()) {
      line.isOpen = true;
      line.tenant.open.add(line);
    }
    return new Slot(lane, line.target.name);
  }

  /// A turn is over.
  void end(Slot slot) {
    Tenant tenant = tenants.get(slot.lane().id().library().tenant());
    Target target = targets.get(slot.target());
    if (tenant == null || target == null) {
      throw new IllegalStateException("slot: of a turn that is over (expected: a running one)");
    }
    running--;
    tenant.running--;
    target.running--;
    target.lines.forEach(this::open);
    forget(tenant, target);
  }

  /// Lets go of what is empty.
  private void forget(Tenant tenant, Target target) {
    Line line = tenant.lines.get(target.name);
    if (line != null && line.ready.isEmpty()) {
      tenant.lines.remove(target.name);
      target.lines.remove(line);
    }
    if (tenant.running == 0 && tenant.lines.isEmpty()) {
      tenants.remove(tenant.name);
    }
    if (target.running == 0 && target.lines.isEmpty()) {
      targets.remove(target.name);
    }
  }
}
