package org.apache.heron.apiserver.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.apiserver.files.SafeName;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.web.FormPart;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.Multipart;

/**
 * A topology that is sent to be submitted.
 *
 * @param definition and the next: in a directory of the request's own
 * @param overrides configuration values as text
 */
record SubmitForm(
    String name,
    TopologyTarget target,
    Path definition,
    Path topology,
    Optional<DryRunFormat> dryRun,
    boolean verbose,
    boolean verboseGc,
    Map<String, String> overrides) {
  private static final long MOST_DEFINITION_BYTES = 256L << 20;

  /** The fields that are no configuration. */
  static final Set<String> KNOWN =
      Set.of(
          "name",
          "cluster",
          "role",
          "environment",
          "user",
          "dry_run",
          "dry_run_format",
          "verbose",
          "verbose_gc",
          "definition",
          "topology");

  /** Thrown for a form that lacks something; it has an answer of its own. */
  static final class Incomplete extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> missing;

    Incomplete(List<String> missing) {
      super("Validation failed missing required params: " + missing);
      this.missing = missing;
    }

    /** As upstream writes it. */
    Map<String, Object> body() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("message", getMessage());
      body.put("errors", Map.of("missing_parameters", missing));
      return body;
    }
  }

  /**
   * Reads the form, and writes its files into the directory under names that are nothing but names.
   *
   * @throws Incomplete if something is missing
   * @throws HttpError 422 if something is wrong, 413 or 507 if a file cannot be taken
   */
  static SubmitForm read(Multipart multipart, ServedCluster cluster, Path directory)
      throws Incomplete {
    RequestFields fields = new RequestFields(multipart.fields());
    Optional<FormPart> definition = multipart.file("definition");
    Optional<FormPart> topology = multipart.file("topology");
    List<String> missing = new ArrayList<>();
    for (String needed : List.of("name", "cluster", "role")) {
      if (!fields.has(needed)) {
        missing.add(needed);
      }
    }
    if (definition.isEmpty()) {
      missing.add("definition");
    }
    if (topology.isEmpty()) {
      missing.add("topology");
    }
    if (!missing.isEmpty()) {
      throw new Incomplete(missing);
    }
    if (definition.get().length() > MOST_DEFINITION_BYTES) {
      throw new HttpError(413, "the definition is larger than " + MOST_DEFINITION_BYTES + " bytes");
    }
    String role = fields.text("role").orElseThrow();
    return new SubmitForm(
        fields.text("name").orElseThrow(),
        cluster.target(
            fields.text("cluster").orElseThrow(),
            role,
            fields.text("environment").orElse("default"),
            fields.text("user").orElse(role)),
        write(definition.get(), directory.resolve("definition"), "topology.defn"),
        write(
            topology.get(),
            directory.resolve("topology"),
            SafeName.of(topology.get().fileName().orElse(""))),
        fields.dryRun(),
        fields.has("verbose"),
        fields.has("verbose_gc"),
        fields.others(KNOWN));
  }

  /** In directories of their own: the two may have one name. */
  private static Path write(FormPart part, Path directory, String name) {
    try {
      Path file = Files.createDirectory(directory).resolve(name);
      part.copyTo(file);
      return file;
    } catch (IOException e) {
      throw new HttpError(507, "cannot store the upload of '" + part.name() + "': " + e);
    }
  }
}
