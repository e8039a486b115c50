package org.apache.heron.scheduler.nomad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads as much of HCL, HashiCorp's configuration language, as job files need. */
final class JobText {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|(?:#|//)[^\\n]*|(\"(?:[^\"\\\\\\n]|\\\\.)*\"|[A-Za-z_][\\w-]*|-?\\d+|[{}\\[\\]=,])");

  private final List<String> tokens = new ArrayList<>();
  private int next;

  /** {@code type "label" { … }}. */
  record Block(
      String type, List<String> labels, Map<String, Object> attributes, List<Block> inner) {
    Object value(String name) {
      Object value = attributes.get(name);
      if (value == null) {
        throw new IllegalArgumentException(type + " has no " + name);
      }
      return value;
    }

    List<Block> blocks(String wanted) {
      return inner.stream().filter(each -> each.type().equals(wanted)).toList();
    }

    /** Of attributes and blocks. */
    Set<String> names() {
      Set<String> names = new LinkedHashSet<>(attributes.keySet());
      inner.forEach(each -> names.add(each.type()));
      return names;
    }
  }

  private JobText(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      matcher.region(at, text.length());
      if (!matcher.lookingAt()) {
        int line = (int) text.substring(0, at).lines().count();
        throw new IllegalArgumentException("not understood in line " + line);
      }
      if (matcher.group(1) != null) {
        tokens.add(matcher.group(1));
      }
      at = matcher.end();
    }
  }

  /** The blocks of the file. */
  static List<Block> parse(String text) {
    JobText parser = new JobText(text);
    Block file = parser.body("file", List.of());
    if (parser.next < parser.tokens.size() || !file.attributes().isEmpty()) {
      throw new IllegalArgumentException("more than blocks");
    }
    return file.inner();
  }

  private String take() {
    if (next == tokens.size()) {
      throw new IllegalArgumentException("it ends too early");
    }
    return tokens.get(next++);
  }

  private boolean take(String token) {
    boolean there = next < tokens.size() && tokens.get(next).equals(token);
    next += there ? 1 : 0;
    return there;
  }

  private Block body(String type, List<String> labels) {
    Block block = new Block(type, labels, new LinkedHashMap<>(), new ArrayList<>());
    while (next < tokens.size() && !tokens.get(next).equals("}")) {
      String name = take();
      if (take("=")) {
        if (block.attributes().put(name, expression()) != null) {
          throw new IllegalArgumentException(name + " is there twice");
        }
        continue;
      }
      List<String> names = new ArrayList<>();
      while (!take("{")) {
        names.add(unquoted(take()));
      }
      block.inner().add(body(name, names));
      if (!take("}")) {
        throw new IllegalArgumentException(name + " is not closed");
      }
    }
    return block;
  }

  private Object expression() {
    String token = take();
    if (token.equals("[")) {
      List<Object> list = new ArrayList<>();
      while (!take("]")) {
        list.add(expression());
        if (!take(",") && !tokens.get(next).equals("]")) {
          throw new IllegalArgumentException("no comma after " + list);
        }
      }
      return list;
    }
    return token.matches("-?\\d+") ? (Object) Long.valueOf(token) : unquoted(token);
  }

  private static String unquoted(String token) {
    return token.startsWith("\"")
        ? token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1")
        : token;
  }
}
