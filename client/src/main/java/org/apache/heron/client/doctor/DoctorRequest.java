package org.apache.heron.client.doctor;

import java.util.Map;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;

/**
 * What is to be looked at.
 *
 * @param target whose role may be the user's
 * @param environment of the command, for the Java that it names
 * @param fetch whether the core package is fetched where containers run
 */
public record DoctorRequest(
    Installation installation,
    TopologyTarget target,
    Settings.Switches switches,
    Map<String, String> environment,
    boolean fetch) {
  public DoctorRequest {
    environment = Map.copyOf(environment);
  }
}
