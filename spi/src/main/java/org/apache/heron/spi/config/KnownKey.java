package org.apache.heron.spi.config;

import java.util.Optional;

/**
 * A key that is read, as documentation shows it.
 *
 * @param section the heading under which it belongs
 * @param key as it is written in YAML
 * @param type text, boolean, integer, decimal, bytes, map, list or internal
 * @param defaultValue as it is written in YAML; empty if there is none
 * @param description one sentence or two
 */
public record KnownKey(
    String section, String key, String type, Optional<String> defaultValue, String description) {}
