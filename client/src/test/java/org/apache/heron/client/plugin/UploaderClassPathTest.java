package org.apache.heron.client.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.apache.heron.client.ClientException;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.IUploader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploaderClassPathTest {
  private static final String CLASS = "org.example.shelf.ShelfUploader";

  /** Says as its URI whether the thread's class loader finds what is in its jar. */
  private static final String SOURCE =
      """
      package org.example.shelf;
      public class ShelfUploader implements org.apache.heron.spi.uploader.IUploader {
        public void initialize(org.apache.heron.spi.config.Config config) {}
        public java.net.URI uploadPackage() {
          return java.net.URI.create("shelf:" + (Thread.currentThread().getContextClassLoader()
              .getResource("org/example/shelf/ShelfUploader.class") != null));
        }
        public boolean undo() { return true; }
        public void delete() {}
        public void close() {}
      }
      """;

  @TempDir Path directory;
  private Path lib;

  @BeforeEach
  void compile() throws IOException {
    Path source = directory.resolve("ShelfUploader.java");
    Files.writeString(source, SOURCE);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                directory.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-proc:none",
                source.toString());
    assertThat(status).isZero();
    lib = directory.resolve("lib/uploader");
  }

  private void jar(Path target) throws IOException {
    Files.createDirectories(target.getParent());
    String name = CLASS.replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(target);
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new ZipEntry(name));
      jar.write(Files.readAllBytes(directory.resolve(name)));
    }
  }

  private Config config(String className) {
    return Config.of(
        Map.of("heron.class.uploader", className, "heron.classpath.uploader", lib + "/*"));
  }

  @Test
  void anUploaderIsFoundInTheDirectoryOfItsPackageAndAmongTheUsersOwn() throws IOException {
    for (Path place : new Path[] {lib.resolve("shelf/a.jar"), lib.resolve("b.jar")}) {
      jar(place);
      ClassLoader before = Thread.currentThread().getContextClassLoader();
      try (IUploader uploader = Plugins.standard().uploader(config(CLASS))) {
        assertThat(uploader.uploadPackage()).hasToString("shelf:true");
        assertThat(uploader.undo()).isTrue();
      }
      assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
      Files.delete(place);
    }
  }

  @Test
  void theCommandsOwnUploadersNeedNoClassPath() throws IOException {
    jar(lib.resolve("localfs/a.jar"));
    try (IUploader uploader =
        Plugins.standard()
            .uploader(config("org.apache.heron.uploader.localfs.LocalFileSystemUploader"))) {
      assertThat(uploader.getClass().getClassLoader()).isSameAs(Plugins.class.getClassLoader());
    }
  }

  @Test
  void aClassThatIsNowhereIsNamed() throws IOException {
    assertThatThrownBy(() -> Plugins.standard().uploader(config(CLASS)))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("'" + CLASS + "'")
        .hasMessageEndingWith("there is no such class");
    jar(lib.resolve("other/a.jar"));
    jar(lib.resolve("shelf/a.jar"));
    assertThatThrownBy(() -> Plugins.standard().uploader(config("org.example.shelf.Other")))
        .isInstanceOf(ClientException.class)
        .hasMessageEndingWith("there is no such class");
  }
}
