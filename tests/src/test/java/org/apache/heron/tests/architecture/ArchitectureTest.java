package org.apache.heron.tests.architecture;

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
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md, held on the compiled classes. */
class ArchitectureTest {
  private static final String[] HERON_PRODUCT = {
    "org.apache.heron.spi..",
    "org.apache.heron.statemgr..",
    "org.apache.heron.packing..",
    "org.apache.heron.uploader..",
    "org.apache.heron.downloader..",
    "org.apache.heron.executor..",
    "org.apache.heron.service..",
    "org.apache.heron.framework..",
    "org.apache.heron.scheduler..",
    "org.apache.heron.client..",
    "org.apache.heron.apiserver..",
    "org.apache.heron.cli..",
  };

  private static final String[] OTHER_SCHEDULERS = {
    "org.apache.heron.scheduler.local..",
    "org.apache.heron.scheduler.aurora..",
    "org.apache.heron.scheduler.nomad..",
  };

  private static JavaClasses house;

  @BeforeAll
  static void load() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/heron-api"))
            .importPackages("org.apache.heron");
    assertThat(house.size()).as("classes found").isGreaterThan(100);
  }

  @Test
  void theWebServerKnowsNothingOfTheHouse() {
    noClasses()
        .that()
        .resideInAPackage("org.apache.heron.web..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.apache.heron..", "org.apache.mesos..")
                .and(DescribedPredicate.not(resideInAnyPackage("org.apache.heron.web.."))))
        .check(house);
  }

  @Test
  void theMiniclusterKnowsNothingOfHeron() {
    noClasses()
        .that()
        .resideInAPackage("org.apache.heron.minicluster..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            join(HERON_PRODUCT, "org.apache.heron.proto..", "org.apache.heron.api.."))
        .check(house);
  }

  @Test
  void nothingButTheCommandLineKnowsTheMinicluster() {
    noClasses()
        .that(
            resideInAnyPackage(HERON_PRODUCT)
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "org.apache.heron.cli.cluster..", "org.apache.heron.cli.startup.."))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.heron.minicluster..")
        .check(house);
  }

  @Test
  void theCoreIsPure() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.apache.heron.framework.core..",
            "org.apache.heron.framework.placement..",
            "org.apache.heron.scheduler.local.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.util.concurrent..",
            "org.apache.curator..",
            "org.apache.zookeeper..",
            "org.apache.heron.framework.driver..",
            "org.apache.heron.framework.runtime..",
            "org.apache.heron.web..")
        .check(house);
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.apache.heron.framework.core..",
            "org.apache.heron.framework.placement..",
            "org.apache.heron.scheduler.local.core..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .check(house);
  }

  @Test
  void theExecutorDoesNotKnowWhoScheduledIt() {
    noClasses()
        .that()
        .resideInAPackage("org.apache.heron.executor..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.heron.service..",
            "org.apache.heron.framework..",
            "org.apache.heron.scheduler..",
            "org.apache.heron.client..",
            "org.apache.heron.apiserver..",
            "org.apache.heron.cli..",
            "org.apache.mesos..")
        .check(house);
  }

  @Test
  void onlyTheExecutorAndExamplesSeeTheTopologyApi() {
    noClasses()
        .that(
            resideInAnyPackage("org.apache.heron..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "org.apache.heron.executor..",
                            "org.apache.heron.examples..",
                            "org.apache.heron.benchmarks.."))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.heron.api..", "org.apache.heron.streamlet..")
        .check(house);
  }

  @Test
  void eachLibraryHasItsRoom() {
    onlyIn("software.amazon.awssdk..", "org.apache.heron.uploader.s3..");
    onlyIn("org.apache.sshd..", "org.apache.heron.uploader.scp..");
    onlyIn("picocli..", "org.apache.heron.cli..", "org.apache.heron.apiserver..");
    onlyIn("io.netty..", "org.apache.heron.web..", "org.apache.heron.executor..");
    onlyIn(
        "org.apache.curator..",
        "org.apache.heron.statemgr..",
        "org.apache.heron.framework..",
        "org.apache.heron.scheduler.mesos..",
        "org.apache.heron.minicluster..");
    onlyIn(
        "org.apache.mesos..",
        "org.apache.heron.framework..",
        "org.apache.heron.scheduler.mesos..",
        "org.apache.heron.minicluster..");
    onlyIn("org.yaml.snakeyaml..", "org.apache.heron.spi.config..", "org.apache.heron.cli..");
  }

  @Test
  void theOtherSchedulersKnowNothingOfMesosNorOfEachOther() {
    noClasses()
        .that()
        .resideInAnyPackage(OTHER_SCHEDULERS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.mesos..",
            "org.apache.heron.framework..",
            "org.apache.heron.scheduler.mesos..",
            "org.apache.heron.client..")
        .allowEmptyShould(true)
        .check(house);
    slices()
        .matching("org.apache.heron.scheduler.(*)..")
        .should()
        .notDependOnEachOther()
        .check(house);
  }

  @Test
  void roomsAreNamedForTheirDuty() {
    classes()
        .that()
        .resideInAPackage("org.apache.heron..")
        .should()
        .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..helper..", "..misc..")
        .check(house);
  }

  @Test
  void roomsDoNotDependOnEachOtherInCircles() {
    for (String module :
        List.of(
            "minicluster",
            "spi",
            "statemgr",
            "uploader",
            "downloader",
            "executor",
            "service",
            "framework",
            "client",
            "apiserver",
            "cli")) {
      slices()
          .matching("org.apache.heron." + module + ".(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true)
          .check(house);
    }
  }

  private static void onlyIn(String library, String... rooms) {
    noClasses()
        .that(
            resideInAnyPackage("org.apache.heron..")
                .and(DescribedPredicate.not(resideInAnyPackage(rooms))))
        .should()
        .dependOnClassesThat(
            new DescribedPredicate<JavaClass>("are of " + library) {
              @Override
              public boolean test(JavaClass type) {
                return resideInAnyPackage(library).test(type);
              }
            })
        .check(house);
  }

  private static String[] join(String[] first, String... rest) {
    String[] all = java.util.Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    return all;
  }
}
