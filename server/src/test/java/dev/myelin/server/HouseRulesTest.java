package dev.myelin.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The rules of the house that no compiler checks, for every module that is on the class path.
class HouseRulesTest {
  private static final String ROOT = "dev.myelin";

  /// What each room may use besides itself. The arrows run downward only.
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("model", List.of()),
          Map.entry("journal", List.of("model")),
          Map.entry("memory", List.of("model", "journal")),
          Map.entry("live", List.of("model", "journal")),
          Map.entry("stream", List.of("model", "journal", "memory", "live")),
          Map.entry("library", List.of("model", "journal", "memory", "live")),
          Map.entry("assist", List.of("model", "journal", "memory", "live")),
          Map.entry("proto", List.of()),
          Map.entry("client", List.of("proto")),
          // The bench stands beside the house: it measures any room, and no room looks at it.
          Map.entry(
              "bench",
              List.of(
                  "model", "journal", "memory", "live", "stream", "library", "assist", "edge",
                  "proto", "client")),
          Map.entry(
              "edge",
              List.of(
                  "model", "journal", "memory", "live", "stream", "library", "assist", "proto")));

  /// Code that people write here: the wire types and JMH's harness are generated.
  private static final DescribedPredicate<JavaClass> WRITTEN_BY_HAND =
      DescribedPredicate.not(resideInAnyPackage(ROOT + ".proto..", "..jmh_generated.."))
          .as("are written by hand");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/testkit/"))
          .importPackages(ROOT);

  @Test
  void seesTheWholeHouse() {
    assertThat(HOUSE.stream().map(HouseRulesTest::room))
        .contains("model", "journal", "live", "memory", "stream", "library", "edge", "server");
  }

  @TestFactory
  Stream<DynamicTest> arrowsRunDownwardOnly() {
    return MAY_USE.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey() + " uses only " + entry.getValue(),
                () -> check(usesOnly(entry.getKey(), entry.getValue()))));
  }

  @Test
  void everyRoomHasItsArrows() {
    assertThat(HOUSE.stream().map(HouseRulesTest::room).filter(room -> !"server".equals(room)))
        .isSubsetOf(MAY_USE.keySet());
  }

  @Test
  void theNetworkEndsAtTheEdge() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(in("edge"), in("client"), in("bench"), in("server"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.."));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
  }

  @Test
  void logsGoThroughSlf4j() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.logging..", "org.apache.log4j..")));
  }

  @Test
  void nobodyUsesUnsafe() {
    check(
        noClasses()
            .that(WRITTEN_BY_HAND)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("sun.misc.Unsafe"));
  }

  @Test
  void nobodyHidesStateInAThread() {
    check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
  }

  @Test
  void everyPackageIsNullMarked() {
    check(classes().that(WRITTEN_BY_HAND).should(liveInANullMarkedPackage()));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(HOUSE);
  }

  private static ArchRule usesOnly(String room, List<String> others) {
    String[] allowed =
        Stream.concat(Stream.of(room), others.stream())
            .map(HouseRulesTest::in)
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> forbidden =
        resideInAPackage(ROOT + "..")
            .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
            .as("reside in the house but not in %s", Arrays.toString(allowed));
    return noClasses().that().resideInAPackage(in(room)).should().dependOnClassesThat(forbidden);
  }

  private static String in(String room) {
    return ROOT + "." + room + "..";
  }

  /// The first part of a type's package below the root.
  private static String room(JavaClass type) {
    return type.getPackageName().substring(ROOT.length() + 1).split("\\.", 2)[0];
  }

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a package whose package-info says @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().tryGetAnnotationOfType(NullMarked.class).isPresent();
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getPackageName() + " (of " + type.getSimpleName() + ")"));
      }
    };
  }
}
