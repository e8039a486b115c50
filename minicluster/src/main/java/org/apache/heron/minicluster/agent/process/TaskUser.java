package org.apache.heron.minicluster.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Whom a task runs as.
 *
 * @param name the user's name
 * @param uid its number
 * @param gid the number of its first group
 */
public record TaskUser(String name, int uid, int gid) {
  private static final ConcurrentMap<String, TaskUser> KNOWN = new ConcurrentHashMap<>();

  /** True if this process may run others' processes. */
  public static boolean canSwitch() {
    return System.getProperty("user.name").equals("root") && canFind();
  }

  /** True if the system can be asked for users. */
  public static boolean canFind() {
    return Programs.find("id").isPresent();
  }

  /**
   * Looks a user up in the system's own way, whatever directory that asks.
   *
   * @return empty if there is no such user
   * @throws IOException if the system could not be asked
   */
  public static Optional<TaskUser> find(String name) throws IOException {
    TaskUser known = KNOWN.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Integer> uid = ask("-u", name);
    Optional<Integer> gid = uid.isPresent() ? ask("-g", name) : Optional.empty();
    if (uid.isEmpty() || gid.isEmpty()) {
      return Optional.empty();
    }
    TaskUser found = new TaskUser(name, uid.get(), gid.get());
    KNOWN.put(name, found);
    return Optional.of(found);
  }

  private static Optional<Integer> ask(String what, String name) throws IOException {
    Process process =
        new ProcessBuilder("id", what, "--", name)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("id " + what + " " + name + " does not answer");
      }
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      return process.exitValue() == 0 ? Optional.of(Integer.parseInt(answer)) : Optional.empty();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking up user " + name, e);
    } catch (NumberFormatException e) {
      throw new IOException("id " + what + " " + name + " answered no number", e);
    }
  }

  /** Gives a tree to this user. Symbolic links themselves change hands, never what they name. */
  public void own(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(path, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
