package org.apache.heron.apiserver.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.spi.config.KeyCatalogue;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;

/**
 * What a request says, beside its path and files: fields of a form or of the query, by name.
 * Immutable.
 */
record RequestFields(Map<String, List<String>> values) {
  /** Of the query and a form without files. */
  static RequestFields of(WebRequest request) {
    Map<String, List<String>> values = new LinkedHashMap<>(request.query());
    boolean form =
        request.contentType().equals("application/x-www-form-urlencoded")
            || request.contentType().isEmpty();
    if (request.body().length > 0 && !form) {
      throw new HttpError(
          415,
          "the body is '" + request.contentType() + "'; send application/x-www-form-urlencoded");
    }
    try {
      request
          .form()
          .forEach(
              (name, given) ->
                  values.merge(
                      name,
                      given,
                      (before, more) -> {
                        List<String> all = new ArrayList<>(before);
                        all.addAll(more);
                        return all;
                      }));
    } catch (IllegalArgumentException e) {
      throw new HttpError(400, "malformed form: " + e.getMessage());
    }
    return new RequestFields(values);
  }

  /** The first value of that name. */
  Optional<String> text(String name) {
    return all(name).stream().findFirst();
  }

  /** All values of that name. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** True if it is there, whatever its value. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * A number.
   *
   * @throws HttpError 422 if it is none
   */
  Optional<Integer> number(String name) {
    return text(name)
        .map(
            text -> {
              try {
                return Integer.valueOf(text.strip());
              } catch (NumberFormatException e) {
                throw new HttpError(422, name + " is '" + text + "', which is no number");
              }
            });
  }

  /** The format of a dry run, if one is wanted; one that is not known is a table, as upstream. */
  Optional<DryRunFormat> dryRun() {
    if (!has("dry_run")) {
      return Optional.empty();
    }
    String wanted = text("dry_run_format").orElse("");
    for (DryRunFormat format : DryRunFormat.values()) {
      if (format.name().equals(wanted)) {
        return Optional.of(format);
      }
    }
    return Optional.of(DryRunFormat.TABLE);
  }

  /** All but those are configuration values: the last of each key. */
  Map<String, String> others(Set<String> known) {
    Map<String, String> others = new LinkedHashMap<>();
    values.forEach(
        (name, given) -> {
          if (!known.contains(name)) {
            others.put(name, given.get(given.size() - 1));
          }
        });
    return others;
  }

  /**
   * As {@link #others}; what is no key's name either is a slip of the pen, and must not have
   * everything restarted where one container was meant.
   *
   * @throws HttpError 422 if there is such a field
   */
  Map<String, String> overrides(Set<String> known) {
    Map<String, String> overrides = others(known);
    for (String name : overrides.keySet()) {
      if (!name.contains(".") && KeyCatalogue.find(name).isEmpty()) {
        throw new HttpError(
            422,
            "unknown field '"
                + name
                + "'; known are configuration keys"
                + (known.isEmpty()
                    ? ""
                    : " and " + String.join(", ", known.stream().sorted().toList())));
      }
    }
    return overrides;
  }
}
