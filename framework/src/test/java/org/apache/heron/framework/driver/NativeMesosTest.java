package org.apache.heron.framework.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.mesos.v1.scheduler.Mesos;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libmesos' driver through the same interface, by a class of the same constructors. */
class NativeMesosTest {
  private static final String STAND_IN = StandInMesos.class.getName();

  @TempDir Path directory;
  private Map<String, String> environment;
  private Path library;

  @BeforeEach
  void library() throws Exception {
    library = Files.createFile(directory.resolve("libmesos.so"));
    environment = Map.of(NativeMesos.LIBRARY, library.toString());
  }

  private static DriverOptions options(String uri) {
    return DriverOptions.of(MasterUri.parse(uri, false));
  }

  private Mesos start(DriverOptions options, String className) throws Exception {
    return NativeMesos.start(TestScheduler.subscribing(), options, environment, className);
  }

  @Test
  void theDriverIsMadeWithTheMasterAsLibmesosReadsIt() throws Exception {
    start(options("master.example:5050"), STAND_IN);
    assertThat(StandInMesos.LAST.get().master).isEqualTo("master.example:5050");
    start(options("zk://user:word@a:2181,b:2181/mesos"), STAND_IN);
    assertThat(StandInMesos.LAST.get().master).isEqualTo("zk://user:word@a:2181,b:2181/mesos");
    assertThat(StandInMesos.LAST.get().credential.getPrincipal()).isEmpty();
  }

  @Test
  void theSecretIsReadAndHandedOver() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "s3cret\n");
    start(options("m:5050").withCredential(new Credential("heron", secret)), STAND_IN);
    assertThat(StandInMesos.LAST.get().credential.getPrincipal()).isEqualTo("heron");
    assertThat(StandInMesos.LAST.get().credential.getSecret()).isEqualTo("s3cret");
  }

  @Test
  void withoutALibraryItIsSaidInOneLine() {
    assertThatThrownBy(() -> NativeMesos.check(options("m:5050"), Map.of()))
        .hasMessage(
            "heron.mesos.driver is native, but MESOS_NATIVE_JAVA_LIBRARY does not name libmesos, as"
                + " in /usr/lib/libmesos-1.11.0.so; without the library leave heron.mesos.driver at"
                + " http");
    Path absent = directory.resolve("absent.so");
    assertThatThrownBy(
            () ->
                NativeMesos.check(
                    options("m:5050"), Map.of(NativeMesos.LIBRARY, absent.toString())))
        .hasMessageContaining("there is no library " + absent);
  }

  @Test
  void aLibraryThatCannotBeLoadedIsNamed() {
    // A second try must say it too, when the class is marked as broken.
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> start(options("m:5050"), StandInMesos.Broken.class.getName()))
          .isInstanceOf(NativeMesos.Unavailable.class)
          .hasMessageContaining("the library " + library + " (MESOS_NATIVE_JAVA_LIBRARY)")
          .hasMessageContaining("cannot be used")
          .hasMessageNotContaining("\n");
    }
    assertThatThrownBy(() -> start(options("m:5050"), "no.such.Driver"))
        .hasMessageContaining("there is no driver no.such.Driver");
  }

  @Test
  void theRealDriverWithoutALibraryFailsAsOneLineToo() {
    assertThatThrownBy(() -> start(options("m:5050"), NativeMesos.V1_MESOS))
        .isInstanceOf(NativeMesos.Unavailable.class)
        .hasMessageContaining("cannot be used");
  }

  @Test
  void whatLibmesosDoesNotTakeIsRefused() {
    assertThatThrownBy(() -> start(options("a:5050,b:5050"), STAND_IN))
        .hasMessageContaining("names 2 masters, and libmesos takes host:port or zk://");
    assertThatThrownBy(
            () -> start(options("a:5050").withCaFile(directory.resolve("ca.pem")), STAND_IN))
        .hasMessageContaining("LIBPROCESS_SSL_CA_FILE");
  }
}
