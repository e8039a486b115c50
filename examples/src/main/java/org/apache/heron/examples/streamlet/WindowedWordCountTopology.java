package org.apache.heron.examples.streamlet;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.heron.streamlet.Builder;
import org.apache.heron.streamlet.Config;
import org.apache.heron.streamlet.Runner;
import org.apache.heron.streamlet.WindowConfig;

/**
 * Sentences are flattened to words, which are counted in windows of fifty.
 *
 * <p>Arguments: [topology name] [number of containers, 2]
 */
public final class WindowedWordCountTopology {
  private static final List<String> SENTENCES =
      List.of(
          "I have nothing to declare but my genius",
          "You can never cross the same river twice",
          "The heron waits and then the heron does not wait",
          "Slow water runs deep and deep water runs slow");

  private WindowedWordCountTopology() {}

  public static void main(String[] args) {
    Builder builder = Builder.newBuilder();
    builder
        .newSource(WindowedWordCountTopology::sentence)
        .setName("random-sentences-source")
        .<String>flatMap(
            sentence -> List.of(sentence.toLowerCase(java.util.Locale.ROOT).split("\\s+")))
        .setName("flatten-into-individual-words")
        .<String, Integer>reduceByKeyAndWindow(
            word -> word, word -> 1, WindowConfig.TumblingCountWindow(50), Integer::sum)
        .setName("reduce-operation")
        .consume(
            pair ->
                System.out.println("(" + pair.getKey().getKey() + ", " + pair.getValue() + ")"));

    int containers = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    Config config =
        Config.newBuilder()
            .setNumContainers(containers)
            .setPerContainerRamInMegabytes(3072)
            .setPerContainerCpu(2)
            .setSerializer(Config.Serializer.JAVA)
            .build();
    new Runner().run(args.length > 0 ? args[0] : "WindowedWordCountTopology", config, builder);
  }

  private static String sentence() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    return SENTENCES.get(ThreadLocalRandom.current().nextInt(SENTENCES.size()));
  }
}
