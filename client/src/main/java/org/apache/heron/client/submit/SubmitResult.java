package org.apache.heron.client.submit;

import java.util.List;
import java.util.Optional;

/**
 * A topology that was submitted, or would be.
 *
 * @param topologyId empty after a dry run
 * @param containers with container 0
 * @param dryRun the plan's text, if nothing was launched
 * @param links web pages of the job
 */
public record SubmitResult(
    String topology,
    String topologyId,
    int containers,
    Optional<String> dryRun,
    List<String> links) {}
