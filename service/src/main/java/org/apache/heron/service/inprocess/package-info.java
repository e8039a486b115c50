/** Scheduling without a process of its own: the cluster itself keeps the containers running. */
package org.apache.heron.service.inprocess;
