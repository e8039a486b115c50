package org.apache.heron.executor.shell;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;

/**
 * Looks into the container's process, as upstream does with the JDK's tools; here through the JVM's
 * own diagnostic commands, so that a JRE is enough. The answer has the form of a command that was
 * run.
 */
final class ProcessPages {
  private final Sandbox sandbox;
  private final int container;
  private final ContainerShell.Control control;

  ProcessPages(Sandbox sandbox, int container, ContainerShell.Control control) {
    this.sandbox = sandbox;
    this.container = container;
    this.control = control;
  }

  void addTo(WebServer.Builder server) {
    server
        .route("GET", "/pid/{process}", this::pid)
        .route(
            "GET",
            "/jstack/{pid}",
            (request, response) ->
                answer(request, response, "jstack", diagnose("threadPrint", "-l")))
        .route(
            "GET",
            "/histo/{pid}",
            (request, response) ->
                answer(request, response, "jmap -histo", diagnose("gcClassHistogram")))
        .route("GET", "/jmap/{pid}", this::heapDump)
        .route(
            "GET",
            "/pmap/{pid}",
            (request, response) -> answer(request, response, "pmap -pXX", memoryMap()));
  }

  /**
   * Upstream's processes are parts of this one. Others are looked for in their files, and one that
   * is not there is told in the words of the command that upstream runs.
   */
  private void pid(WebRequest request, WebResponse response) throws IOException {
    String process = request.pathParameter("process");
    String file = process + ".pid";
    String command = "cat " + file;
    if (isPart(process)) {
      response.sendJson(result(command, Long.toString(own())));
      return;
    }
    try {
      response.sendJson(result(command, Files.readString(sandbox.resolve(file))));
    } catch (HttpError e) {
      if (e.status() != 404) {
        throw e;
      }
      response.sendJson(result(command, "", "cat: " + file + ": No such file or directory\n"));
    }
  }

  private boolean isPart(String process) {
    List<String> always = List.of("heron-shell-" + container, "metricsmgr-" + container);
    String engine = container == 0 ? "heron-tmanager" : "stmgr-" + container;
    return always.contains(process)
        || process.equals(engine)
        || control.counters().stream()
            .flatMap(counters -> counters.instances().stream())
            .anyMatch(instance -> instance.instanceId().equals(process));
  }

  private void heapDump(WebRequest request, WebResponse response) throws IOException {
    requireOwn(request);
    Path file = sandbox.resolve("").resolve("heap.hprof");
    Files.deleteIfExists(file);
    String output = diagnose("gcHeapDump", file.toString());
    response.sendJson(
        result(
            "jmap -dump:format=b,file=" + file + " " + own(), output + "\n/download/heap.hprof"));
  }

  private static void answer(
      WebRequest request, WebResponse response, String command, String output) {
    requireOwn(request);
    response.sendJson(result(command + " " + own(), output));
  }

  private static void requireOwn(WebRequest request) {
    if (!request.pathParameter("pid").equals(Long.toString(own()))) {
      throw new HttpError(
          404,
          "process "
              + request.pathParameter("pid")
              + " is not this container's; its one process is "
              + own());
    }
  }

  private static long own() {
    return ProcessHandle.current().pid();
  }

  private static String memoryMap() throws IOException {
    return Files.readString(Path.of("/proc/self/smaps_rollup"), StandardCharsets.ISO_8859_1)
        + Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
  }

  private static String diagnose(String operation, String... arguments) {
    try {
      return String.valueOf(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  operation,
                  new Object[] {arguments},
                  new String[] {String[].class.getName()}));
    } catch (JMException e) {
      throw new HttpError(500, "this JVM cannot do " + operation + ": " + e.getMessage());
    }
  }

  private static Map<String, String> result(String command, String output) {
    return result(command, output, "");
  }

  private static Map<String, String> result(String command, String output, String error) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("command", command);
    result.put("stdout", output);
    result.put("stderr", error);
    return result;
  }
}
