/** What happens before and around a scheduler: submit, kill and the rest. */
package org.apache.heron.client;
