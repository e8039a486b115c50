package org.apache.heron.client.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MainErrorTest {
  private static MainError of(String... lines) {
    MainError error = new MainError();
    List.of(lines).forEach(error::accept);
    return error;
  }

  @Test
  void isTheExceptionThatEndedTheMain() {
    assertThat(
            of(
                    "some words of the program",
                    "Exception in thread \"main\" java.lang.NumberFormatException: minus-one",
                    "\tat org.example.Main.main(Main.java:3)")
                .reason())
        .contains("java.lang.NumberFormatException: minus-one");
  }

  @Test
  void isItsInnermostCause() {
    assertThat(
            of(
                    "Exception in thread \"main\" java.lang.RuntimeException: outer",
                    "Caused by: java.io.IOException: middle",
                    "\t... 1 more",
                    "Caused by: java.net.ConnectException: inner")
                .reason())
        .contains("java.net.ConnectException: inner");
  }

  @Test
  void isTheLaunchersWordWhenNothingWasStarted() {
    assertThat(
            of(
                    "Error: Main method not found in class org.example.Bolt, please define",
                    "or a JavaFX application class must extend javafx.application.Application")
                .reason())
        .contains("Main method not found in class org.example.Bolt, please define");
  }

  @Test
  void isAbsentWhenTheMainOnlyLogsCausesOfItsOwn() {
    assertThat(of("WARN retry", "Caused by: java.io.IOException: handled").reason()).isEmpty();
    assertThat(of().reason()).isEmpty();
  }
}
