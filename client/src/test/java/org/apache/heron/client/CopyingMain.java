package org.apache.heron.client;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Stands for a topology's main in a JVM that has nothing but the JDK: it writes the definitions
 * that its arguments name, in the manner of the API.
 */
public final class CopyingMain {
  private CopyingMain() {}

  public static void main(String[] arguments) throws Exception {
    String options = System.getenv("HERON_OPTIONS").replace("%%%%", " ");
    String directory = "";
    for (String option : options.split(",")) {
      String[] parts = option.split("=");
      if (parts.length == 2 && parts[0].equals("cmdline.topologydefn.tmpdirectory")) {
        directory = parts[1];
      }
    }
    for (String argument : arguments) {
      if (argument.equals("throw")) {
        throw new IllegalStateException("the main is broken");
      }
      if (argument.equals("say")) {
        System.out.println("said, with property " + System.getProperty("greeting"));
        continue;
      }
      if (argument.equals("read")) {
        System.out.println("read " + System.in.read());
        continue;
      }
      if (argument.equals("hang")) {
        System.in.read();
        new java.util.concurrent.CountDownLatch(1).await();
      }
      Path source = Path.of(argument);
      Files.copy(source, Path.of(directory).resolve(source.getFileName()));
    }
  }
}
