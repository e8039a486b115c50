/** The paths below {@code /api/v1}: what they take and what they answer. */
package org.apache.heron.apiserver.rest;
