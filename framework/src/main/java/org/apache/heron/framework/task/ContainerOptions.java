package org.apache.heron.framework.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Image;
import org.apache.mesos.v1.Protos.Volume;

/**
 * In what a container runs: on the agent as it is, or by Mesos' own containerizer in an image and
 * with volumes of the host.
 *
 * @param mesos whether a container is asked for at all
 * @param image a Docker image's name, absent for the agent's own file system
 * @param cachedImage whether the agent may use the image as it fetched it before
 */
record ContainerOptions(
    boolean mesos, Optional<String> image, boolean cachedImage, List<Volume> volumes) {
  private static final String TYPE_KEY = "heron.mesos.container.type";
  private static final String IMAGE_KEY = "heron.mesos.container.image";
  private static final String CACHED_KEY = "heron.mesos.container.image.cached";
  private static final String VOLUMES_KEY = "heron.mesos.container.volumes";
  private static final String IMAGE_NAME = "[A-Za-z0-9][A-Za-z0-9._/:@+-]{0,254}";

  ContainerOptions {
    volumes = List.copyOf(volumes);
  }

  /**
   * Reads the keys {@code heron.mesos.container.…}.
   *
   * @throws ConfigException if one is no such value, or goes without another that it needs; the
   *     message names key, value and file
   */
  static ContainerOptions of(Config config) {
    boolean mesos = isMesos(config);
    Optional<String> image = text(config, IMAGE_KEY);
    if (image.isPresent() && !image.get().matches(IMAGE_NAME)) {
      throw config.malformed(
          IMAGE_KEY, image.get(), "the name of a Docker image, such as eclipse-temurin:17-jre");
    }
    List<Volume> volumes = new ArrayList<>();
    Listing.parts(config, VOLUMES_KEY).forEach(each -> volumes.add(volume(config, each)));
    if (!mesos && (image.isPresent() || !volumes.isEmpty())) {
      String key = image.isPresent() ? IMAGE_KEY : VOLUMES_KEY;
      throw new ConfigException(
          key
              + " is set (from "
              + config.sourceOf(key)
              + "), but without a container there is neither image nor volume: set "
              + TYPE_KEY
              + " to mesos");
    }
    return new ContainerOptions(mesos, image, config.bool(CACHED_KEY, true), volumes);
  }

  private static Optional<String> text(Config config, String key) {
    return config.optionalString(key).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static boolean isMesos(Config config) {
    String type = text(config, TYPE_KEY).orElse("none").toLowerCase(Locale.ROOT);
    if (type.equals("docker")) {
      throw config.malformed(
          TYPE_KEY, type, "mesos or none; type mesos runs Docker images without a Docker daemon");
    }
    if (!type.equals("mesos") && !type.equals("none")) {
      throw config.malformed(TYPE_KEY, type, "mesos or none");
    }
    return type.equals("mesos");
  }

  private static Volume volume(Config config, String text) {
    String[] parts = text.split(":", -1);
    boolean whole = parts.length == 2 || parts.length == 3;
    boolean paths =
        whole
            && parts[0].startsWith("/")
            && isInside(parts[0])
            && !parts[1].isBlank()
            && isInside(parts[1]);
    String mode = whole && parts.length == 3 ? parts[2].toLowerCase(Locale.ROOT) : "rw";
    if (!paths || !(mode.equals("ro") || mode.equals("rw"))) {
      throw config.malformed(
          VOLUMES_KEY, text, "/path/on/host:path/in/container, with :ro or :rw if wanted");
    }
    return Volume.newBuilder()
        .setHostPath(parts[0])
        .setContainerPath(parts[1])
        .setMode(mode.equals("ro") ? Volume.Mode.RO : Volume.Mode.RW)
        .build();
  }

  private static boolean isInside(String path) {
    return !List.of(path.split("/")).contains("..") && path.indexOf('\0') < 0;
  }

  /** As Mesos wants it; empty if the agent's own surroundings will do. */
  Optional<ContainerInfo> toProto() {
    if (!mesos) {
      return Optional.empty();
    }
    ContainerInfo.MesosInfo.Builder info = ContainerInfo.MesosInfo.newBuilder();
    image.ifPresent(
        name ->
            info.setImage(
                Image.newBuilder()
                    .setType(Image.Type.DOCKER)
                    .setDocker(Image.Docker.newBuilder().setName(name))
                    .setCached(cachedImage)));
    return Optional.of(
        ContainerInfo.newBuilder()
            .setType(ContainerInfo.Type.MESOS)
            .setMesos(info)
            .addAllVolumes(volumes)
            .build());
  }
}
